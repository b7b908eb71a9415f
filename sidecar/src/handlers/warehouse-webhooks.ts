/** Registers our webhooks at the warehouse and checks them every hour; without a public address it is polled instead. */
import type { Handler } from '../queue/handler.js';

/** @param address where the warehouse reaches this connection's inbox (https), and the secret it signs with; null without a public address. */
export function warehouseWebhooks(
  address: (connectionId: string) => Promise<{ url: string; secret: string } | null>,
): Handler {
  return async (context) => {
    const target = await address(context.connection.id);
    if (target === null)
      return {
        outcome: 'skip',
        sentence: 'No public address is set: the warehouse is asked every few minutes instead.',
      };
    const sentence = await context
      .warehouse(context.connection)
      .ensureWebhooks(target.url, target.secret, context.call);
    const key = `webhooks:${context.connection.id}`;
    return { outcome: 'done', sentence, writes: [{ write: 'putMeta', key, value: String(context.now()) }] };
  };
}
