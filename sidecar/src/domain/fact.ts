/** Prerequisites are facts, not rows of a queue: these are their names. */
export type Fact = string & { readonly fact: unique symbol };

/** The order exists at the warehouse and both sides know its ids (or a person settled it). */
export const orderKnown = (connectionId: string, orderId: number | string): Fact =>
  name('order-known', connectionId, orderId);
/** A product of the store is matched to an article of the warehouse. */
export const articleMapped = (connectionId: string, productId: number, variationId: number): Fact =>
  name('article-mapped', connectionId, productId, variationId);
export const shipmentKnown = (connectionId: string, shipmentId: string): Fact =>
  name('shipment-known', connectionId, shipmentId);
/** A person pressed "Send now": the order goes although it is older than the connection. */
export const sendNow = (connectionId: string, orderId: number | string): Fact =>
  name('send-now', connectionId, orderId);

function name(...parts: (string | number)[]): Fact {
  return parts.join(':') as Fact;
}
