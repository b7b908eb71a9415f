/** The warehouse's words for where an order is. */
import type { WarehouseStage } from '../../domain/warehouse-order.js';

interface Step {
  stage: WarehouseStage;
  rank: number;
}

const STATUSES = {
  created: { stage: 'accepted', rank: 10 },
  plannable: { stage: 'accepted', rank: 20 },
  planned: { stage: 'planned', rank: 30 },
  backorder: { stage: 'waiting', rank: 35 },
  awaiting_documents: { stage: 'waiting', rank: 35 },
  restock: { stage: 'waiting', rank: 35 },
  shipment_waiting_for_ewh: { stage: 'waiting', rank: 35 },
  on_hold: { stage: 'held', rank: 35 },
  problem: { stage: 'held', rank: 35 },
  invalid_address: { stage: 'held', rank: 35 },
  processing: { stage: 'picking', rank: 40 },
  partially_shipped: { stage: 'partly_shipped', rank: 50 },
  shipped: { stage: 'shipped', rank: 60 },
  cancelled: { stage: 'cancelled', rank: 60 },
  invalid: { stage: 'cancelled', rank: 60 },
} as const satisfies Record<string, Step>;

/** Rank 0 for a word we do not know: next to any other it looks like a step back, which is confirmed by reading again. */
const UNKNOWN: Step = { stage: 'unknown', rank: 0 };

export function stepOf(status: string): Step {
  return Object.hasOwn(STATUSES, status) ? STATUSES[status as keyof typeof STATUSES] : UNKNOWN;
}

/** From here on the warehouse changes and cancels nothing. */
export const PICKING_RANK = STATUSES.processing.rank;
