/** Many requests of the shop at one time, each handing over the rows it claimed; every so many of them twice. */
import type { OutboxRow } from '../../src/simulators/shop/shop.js';
import type { WmsSimulatorOptions } from '../../src/simulators/wms/index.js';
import type { FaultWorld } from './world.js';

export interface SendersOptions {
  count: number;
  /** Every nth hand-over is sent twice, the same bytes at the same time. */
  twiceEvery: number;
  /** Most rows in one hand-over. */
  rows: number;
}

export interface Senders {
  /** By status; 0 where nobody answered. */
  answers: Map<number, number>;
}

/** Ships when told to, and tries its webhooks long enough for a sidecar to come back on a busy machine. */
export const PATIENT_WAREHOUSE = {
  shipAfterMs: null,
  webhookRetryDelaysMs: [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800],
} as const satisfies WmsSimulatorOptions;

const EMPTY_MS = 10;
const REFUSED_MS = 150;

export function startSenders(
  { shop, clock, closers }: FaultWorld,
  { count, twiceEvery, rows: most }: SendersOptions,
): Senders {
  const answers = new Map<number, number>();
  const returned: OutboxRow[] = [];
  let next = 0;
  let sent = 0;
  let state: 'sending' | 'stopping' = 'sending';

  /** Rows are appended in order, so that a cursor finds the new ones; what could not be handed over comes back. */
  const claim = (): OutboxRow[] => {
    const claimed = returned.splice(0, most);
    while (claimed.length < most && next < shop.shop.rows.length) {
      const row = shop.shop.rows[next];
      next += 1;
      if (row?.acknowledged === false) claimed.push(row);
    }
    return claimed;
  };
  const sendOne = async (): Promise<void> => {
    const rows = claim();
    if (rows.length === 0) return clock.waitReal(EMPTY_MS);
    sent += 1;
    const given = await shop.handOverRows(rows, sent % twiceEvery === 0 ? 2 : 1);
    for (const status of given) answers.set(status, (answers.get(status) ?? 0) + 1);
    if (given.includes(200)) return;
    returned.push(...rows);
    await clock.waitReal(REFUSED_MS);
  };
  const loops = Array.from({ length: count }, async () => {
    while (state === 'sending') await sendOne();
  });
  closers.push(async () => {
    state = 'stopping';
    await Promise.all(loops);
  });
  return { answers };
}
