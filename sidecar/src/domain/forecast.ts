/** When the backlog will be gone, and what of it will be late, from what came and went in the last minutes. Pure. */

/** One connection's flow; counts over the last `windowMs`. */
export interface Flow {
  connectionId: string;
  name: string;
  waiting: number;
  arrived: number;
  finished: number;
}

export interface Forecast {
  /** The one it is about. */
  connectionId: string;
  trend: 'shrinks' | 'grows' | 'stands';
  sentence: string;
  /** Epoch ms, null when no end is in sight. */
  clearsAt: number | null;
}

/** Less than this is a moment's work, and no backlog. */
const WORTH_SAYING = 50;
const FURTHEST_MS = 48 * 3_600_000;
const MINUTE = 60_000;

/** @returns the forecast of the connection that will need longest, or null when there is no backlog. */
export function forecast(flows: readonly Flow[], windowMs: number, now: number): Forecast | null {
  const all = flows.filter(({ waiting }) => waiting >= WORTH_SAYING).map((flow) => ofOne(flow, windowMs, now));
  const end = ({ clearsAt }: Forecast) => clearsAt ?? Number.POSITIVE_INFINITY;
  return all.reduce<Forecast | null>((worst, one) => (worst === null || end(one) > end(worst) ? one : worst), null);
}

function ofOne(flow: Flow, windowMs: number, now: number): Forecast {
  const { connectionId, name, waiting, arrived, finished } = flow;
  const jobs = `${waiting} jobs wait for ${name}`;
  const minutes = Math.round(windowMs / MINUTE);
  if (finished === 0) {
    const sentence = `${jobs}; none was finished in the last ${minutes} min.`;
    return { connectionId, trend: 'stands', clearsAt: null, sentence };
  }
  if (arrived < finished) {
    const clearsAt = inSight(now, waiting / ((finished - arrived) / windowMs));
    const sentence = `${jobs}. ${whenGone('The backlog clears', clearsAt, now)}`;
    return { connectionId, trend: 'shrinks', clearsAt, sentence };
  }
  // Also right after one large import: then the second half is the forecast, and the first stops being true by itself.
  const gone = whenGone('If nothing more came, it would clear', inSight(now, waiting / (finished / windowMs)), now);
  const figures = `${arrived} and ${finished} in ${minutes} min`;
  const sentence = `${jobs}, and more comes in than goes out (${figures}). ${gone}`;
  return { connectionId, trend: 'grows', clearsAt: null, sentence };
}

/** Whole minutes: more would pretend to know. */
function inSight(now: number, ms: number): number | null {
  return ms > FURTHEST_MS ? null : Math.ceil((now + ms) / MINUTE) * MINUTE;
}

function whenGone(what: string, clearsAt: number | null, now: number): string {
  if (clearsAt === null) return `${what} in more than ${FURTHEST_MS / 3_600_000} h.`;
  const minutes = Math.max(1, Math.round((clearsAt - now) / MINUTE));
  return minutes < 120 ? `${what} in about ${minutes} min.` : `${what} in about ${Math.round(minutes / 60)} h.`;
}

/** Jobs that have to be done by a moment. */
export interface DueBy {
  at: number;
  count: number;
}

/**
 * How many will miss their time whatever the order: of those due by a moment no more can be done than the pace allows until then.
 * @param finished in the last `windowMs`.
 */
export function atLeastLate(due: readonly DueBy[], finished: number, windowMs: number, now: number): number {
  const misses = due.map(({ at, count }) => count - Math.floor((finished / windowMs) * Math.max(0, at - now)));
  return Math.max(0, ...misses);
}
