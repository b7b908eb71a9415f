/** The net under the inbox: deliveries that were stored but whose jobs were not made are worked through again. */
import type { Delivery, Write } from '../stores/store.js';
import type { Handler, HandlerContext } from '../queue/handler.js';

const DELIVERIES_A_RUN = 20;

/** @param rework makes a stored delivery into what the inbox would have made of it. */
export function webhookNet(rework: (context: HandlerContext, delivery: Delivery) => Promise<Write[]>): Handler {
  return async (context) => {
    const filter = { connectionId: context.connection.id, states: ['received' as const] };
    const waiting = await context.reads.deliveries(filter, DELIVERIES_A_RUN);
    for (const delivery of waiting) await context.checkpoint(await rework(context, delivery));
    return {
      outcome: 'done',
      sentence: waiting.length === 0 ? 'No delivery was waiting.' : `Worked through ${waiting.length} deliveries.`,
    };
  };
}
