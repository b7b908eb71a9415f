/** What a fault run is, and what it may say of itself. Extra calls are allowed, extra effects are not. */

/** Each has to be 0 after everything has settled. */
export const COUNTS = [
  /** Acknowledged or placed, and its effect is not there. */
  'lost',
  /** Effects (orders and parcels at the warehouse, mails, jobs done) beyond the first. */
  'duplicated',
  /** A newer state overtaken by an older one of the same thing. */
  'orderViolations',
  /** What one side shows differs from the last state of the other. */
  'fieldsDiffer',
  /** Effects or ended jobs without a complete trail of attempts. */
  'auditGaps',
  /** Jobs that neither ended nor move. */
  'stuck',
  /** Promises of this one fault that were broken, e.g. 200 instead of 503; `said` names them. */
  'broken',
] as const;
export type Count = (typeof COUNTS)[number];

/** As the table says them. */
export const WORDS = {
  lost: 'lost',
  duplicated: 'twice',
  orderViolations: 'out of order',
  fieldsDiffer: 'differ',
  auditGaps: 'audit gaps',
  stuck: 'stuck',
  broken: 'promises broken',
} as const satisfies Record<Count, string>;

export interface Verdict extends Record<Count, number> {
  /** How many units of work the run put in: orders, jobs, events, trials. */
  units: number;
  /** Sentences for whoever looks into a failed run. */
  said: string[];
  /** What else it measured, e.g. kills made, bytes dropped. Names carry their unit. */
  figures: Record<string, number>;
}

export interface RunOptions {
  size: 'ci' | 'long';
  store: 'sqlite' | 'postgres';
  /** Of a run that is measured in time (the soak); null: its own default. */
  minutes: number | null;
  /** Progress for people, one line. */
  say(line: string): void;
}

export interface FaultRun {
  /** The fault's number, and for a run with its guard out what is out: `F1`, `F1-look-up-out`. */
  id: string;
  title: string;
  /** 'clean': every count is 0. 'caught': the guard is out, and the counts have to show it. */
  expect: 'clean' | 'caught';
  /**
   * Of a 'caught' run: at least one of these has to be above 0. Default: any count. 'acknowledgedLost' is what was answered
   * with success and is not in the books: unlike `lost` it is sure before everything has settled.
   */
  caughtBy?: readonly (Count | typeof ACKNOWLEDGED_LOST)[];
  /** Runs only when it is named by --only: too long for every day, or of another machine. */
  onDemand?: true;
  run(options: RunOptions): Promise<Verdict>;
}

/** Name of a figure. */
export const ACKNOWLEDGED_LOST = 'acknowledgedLost';

/** @returns a verdict with nothing wrong in it, to be counted up. */
export function cleanVerdict(units: number): Verdict {
  const counts = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>;
  return { units, ...counts, said: [], figures: {} };
}

export function isClean(verdict: Record<Count, number>): boolean {
  return COUNTS.every((count) => verdict[count] === 0);
}

/** @returns whether the run went as it has to. */
export function passes(
  { expect, caughtBy = COUNTS }: Pick<FaultRun, 'expect' | 'caughtBy'>,
  verdict: Verdict,
): boolean {
  if (expect === 'clean') return isClean(verdict);
  return caughtBy.some((count) => (count === ACKNOWLEDGED_LOST ? (verdict.figures[count] ?? 0) : verdict[count]) > 0);
}
