/** A store over the simulated shop, without HTTP: notes to the customer and fulfilments are mails, writes come back with their write id. */
import { PlatformFailure } from '../../src/platforms/failure.js';
import type { ReadStoreOrder, StorePort } from '../../src/platforms/platform.js';
import { fulfilmentBody, translateFulfilments } from '../../src/platforms/woocommerce/fulfilments.js';
import { translateOrder } from '../../src/platforms/woocommerce/translate.js';
import { outboxBatch } from '../../src/simulators/shop/batch.js';
import type { Shop, ShopOrder } from '../../src/simulators/shop/shop.js';

export interface FakeStore extends StorePort {
  /** The next so many notes and fulfilments are written, but the answer is lost. */
  loseAnswers: number;
}

export function fakeStore(shop: Shop): FakeStore {
  const read = (order: ShopOrder): ReadStoreOrder => translateOrder(JSON.parse(JSON.stringify(shop.json(order))), 0);
  const answer = (): Promise<void> => {
    if (store.loseAnswers === 0) return Promise.resolve();
    store.loseAnswers -= 1;
    return Promise.reject(
      new PlatformFailure({ kind: 'unknown_outcome', summary: 'The answer of the store was lost.' }),
    );
  };
  const store: FakeStore = {
    loseAnswers: 0,
    test: () => Promise.resolve({ ok: true, sentence: 'Fine.' }),
    readOrder: (id) => Promise.resolve(shop.orders.has(id) ? read(order(shop, id)) : null),
    listChanged: () => Promise.resolve({ rows: [...shop.orders.values()].map(read), next: null }),
    readOrders: (ids) => Promise.resolve(ids.flatMap((id) => (shop.orders.has(id) ? [read(order(shop, id))] : []))),
    setStatus: (id, status, writeId) => Promise.resolve(read(shop.edit(id, { status }, writeId))),
    setMeta: (id, meta, writeId) => {
      shop.edit(id, { meta_data: Object.entries(meta).map(([key, value]) => ({ key, value })) }, writeId);
      return Promise.resolve();
    },
    notes: (id) =>
      Promise.resolve(
        shop.notes
          .filter((note) => note.orderId === id)
          .map((note) => ({ id: note.id, text: note.note, toCustomer: note.customer_note })),
      ),
    addNote: (id, { text, audience }) => {
      shop.addNote(id, text, audience === 'customer');
      return answer();
    },
    fulfilments: (id) =>
      Promise.resolve(shop.fulfilments.feature === 'off' ? null : translateFulfilments(shop.fulfilments.of(id))),
    writeFulfilment: (orderId, id, draft) => {
      const saved = shop.fulfilments.save(orderId, id, fulfilmentBody(draft));
      return typeof saved === 'string' ? Promise.reject(refused(saved)) : answer();
    },
    pullOutbox: ({ acknowledge, fromSequence }) => {
      shop.acknowledge(acknowledge);
      return Promise.resolve(new TextEncoder().encode(JSON.stringify(outboxBatch(shop, 0, fromSequence))));
    },
  };
  return store;
}

function order(shop: Shop, id: number): ShopOrder {
  const found = shop.orders.get(id);
  if (found === undefined) throw new Error(`The shop has no order ${id}`);
  return found;
}

const refused = (summary: string): PlatformFailure => new PlatformFailure({ kind: 'rejected', status: 400, summary });
