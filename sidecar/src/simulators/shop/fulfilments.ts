/** The store's own fulfilments: a feature a shop may have on or off. One that is fulfilled with notice is a mail. */

export interface ShopFulfilment {
  id: number;
  orderId: number;
  status: string;
  is_fulfilled: boolean;
  meta_data: { key: string; value: unknown }[];
}

export interface FulfilmentRequest {
  status?: string;
  notify_customer?: boolean;
  meta_data?: ShopFulfilment['meta_data'];
}

/** What the store does besides keeping the fulfilment. */
export interface Consequences {
  mail(text: string): void;
  noteForStaff(orderId: number, text: string): void;
}

export interface Fulfilments {
  feature: 'off' | 'on';
  all: ShopFulfilment[];
  of(orderId: number): ShopFulfilment[];
  /** Creates, or replaces the one with the id: metadata that is left out is gone. @returns a sentence when it is refused. */
  save(orderId: number, id: number | null, request: FulfilmentRequest): ShopFulfilment | string;
}

export function createFulfilments({ mail, noteForStaff }: Consequences): Fulfilments {
  const fulfilments: Fulfilments = {
    feature: 'off',
    all: [],
    of: (orderId) => fulfilments.all.filter((one) => one.orderId === orderId),
    save(orderId, id, { status = 'unfulfilled', notify_customer: notify = false, meta_data: meta = [] }) {
      const items = meta.find(({ key }) => key === '_items')?.value;
      if (!Array.isArray(items) || items.length === 0) return 'The fulfillment should contain at least one item.';
      const known = fulfilments.all.find((one) => one.id === id);
      const saved = known ?? { id: fulfilments.all.length + 1, orderId, status, is_fulfilled: false, meta_data: [] };
      Object.assign(saved, { status, is_fulfilled: status === 'fulfilled', meta_data: meta });
      if (known === undefined) fulfilments.all.push(saved);
      const word = `Fulfillment #${saved.id} ${known === undefined ? 'created' : 'updated'}. Tracking: ${numberOf(saved)}`;
      noteForStaff(orderId, word);
      if (notify && saved.is_fulfilled) mail(word);
      return saved;
    },
  };
  return fulfilments;
}

function numberOf({ meta_data: meta }: ShopFulfilment): string {
  const value = meta.find(({ key }) => key === '_tracking_number')?.value;
  return typeof value === 'string' ? value : 'none';
}
