/** What every warehouse adapter has to do, shown against its own simulator. A platform's test hands in the harness. */
import type { FailureKind } from '../../../src/domain/failure.js';
import { draftFingerprint } from '../../../src/domain/shipping.js';
import type { WarehouseOrderDraft } from '../../../src/domain/warehouse-order.js';
import { PlatformFailure } from '../../../src/platforms/failure.js';
import type { CallContext, WarehousePort, WebhookReader } from '../../../src/platforms/platform.js';

export interface WarehouseHarness {
  port: WarehousePort;
  webhooks: WebhookReader;
  /** Two codes of articles the warehouse has. */
  articles: readonly [string, string];
  /** A postcode the warehouse refuses. */
  refusedZip: string;
  /** How many orders with this reference there are, cancelled ones included. */
  ordersThere(reference: string): number;
  /** Calls that asked for something, log-ins left out. */
  callsSoFar(): number;
  loseNextCreateAnswer(): void;
  answerEvery(
    trouble: 'busy for 7 seconds' | '5xx after the effect' | '5xx before the effect' | 'a web page' | 'nothing at all',
  ): void;
  noMoreTrouble(): void;
  /** The token we hold is refused from now on. */
  expireToken(): void;
  logins(): number;
  startPicking(reference: string): void;
  ship(reference: string, parcels: 1 | 2): void;
  setStatus(reference: string, status: string): void;
  /** Adds so many orders by the side, to fill pages. @returns their references. */
  fill(count: number): Promise<string[]>;
  /** Where the warehouse's webhooks arrive; their raw bodies are kept. */
  receiver: {
    url: string;
    deliveries: { headers: Record<string, string>; raw: Uint8Array }[];
    next(topic: string): Promise<unknown>;
  };
  stop(): Promise<void>;
}

export function warehouseContract(name: string, start: () => Promise<WarehouseHarness>): void {
  describe(`${name} keeps the contract of a warehouse`, () => {
    let there: WarehouseHarness;
    beforeEach(async () => {
      there = await start();
    });
    afterEach(() => there.stop());

    const order = (changes: Partial<WarehouseOrderDraft> = {}): WarehouseOrderDraft =>
      draft({ lines: [lineOf(there.articles[0], 2)], ...changes });

    describe('an order', () => {
      test('is created, and found again by its reference with our uuid, its number and its lines', async () => {
        const created = await there.port.createOrder(order(), call());
        const [found, another] = await there.port.findOrders('SHOP-4711', call());
        expect(another).toBeUndefined();
        expect(found).toMatchObject({
          id: created.id,
          number: created.number,
          reference: 'SHOP-4711',
          uuid: order().uuid,
          lines: [{ articleCode: there.articles[0], quantity: 2 }],
          stage: 'accepted',
        });
        const { says, ...rest } = found!;
        expect(await there.port.readOrder(created.id, call())).toEqual(rest);
        expect(says).toBe(draftFingerprint(order()));
      });

      test('says with what it was written last', async () => {
        const { id } = await there.port.createOrder(order(), call());
        const changed = order({ customerNote: 'Ring twice' });
        await there.port.updateOrder(id, changed, call());
        expect(await there.port.findOrders('SHOP-4711', call())).toMatchObject([{ says: draftFingerprint(changed) }]);
      });

      test('with a similar reference is not taken for it', async () => {
        await there.port.createOrder(order({ reference: 'SHOP-47110' }), call());
        expect(await there.port.findOrders('SHOP-4711', call())).toEqual([]);
      });

      test('is not created twice: the second try is a conflict', async () => {
        await there.port.createOrder(order(), call());
        await expectFailure(there.port.createOrder(order(), call()), 'conflict');
        expect(there.ordersThere('SHOP-4711')).toBe(1);
      });

      test('whose answer was lost has an unknown outcome, and is found by its reference', async () => {
        there.loseNextCreateAnswer();
        await expectFailure(there.port.createOrder(order(), call()), 'unknown_outcome');
        const [found] = await there.port.findOrders('SHOP-4711', call());
        expect(found?.uuid).toBe(order().uuid);
        expect(there.ordersThere('SHOP-4711')).toBe(1);
      });

      test('with an address the warehouse refuses is invalid, and the sentence names the field', async () => {
        const { address } = order();
        const refused = order({ address: { ...address, zip: there.refusedZip } });
        const failure = await expectFailure(there.port.createOrder(refused, call()), 'invalid');
        expect(failure.summary).toMatch(/zip/i);
        expect(there.ordersThere('SHOP-4711')).toBe(0);
      });

      test('with an article the warehouse does not have is invalid', async () => {
        await expectFailure(
          there.port.createOrder(order({ lines: [lineOf('NO-SUCH-ARTICLE', 1)] }), call()),
          'invalid',
        );
      });

      test('can be changed: the warehouse has the new lines', async () => {
        const { id } = await there.port.createOrder(order(), call());
        const lines = [lineOf(there.articles[0], 1), lineOf(there.articles[1], 3)];
        await there.port.updateOrder(id, order({ lines }), call());
        const changed = await there.port.readOrder(id, call());
        expect(changed.lines).toEqual(lines.map(({ articleCode, quantity }) => ({ articleCode, quantity })));
        expect(changed.reference).toBe('SHOP-4711');
      });

      test('can be held, and released again', async () => {
        const { id } = await there.port.createOrder(order(), call());
        await there.port.updateOrder(id, order({ hold: true }), call());
        expect((await there.port.readOrder(id, call())).stage).toBe('held');
        await there.port.updateOrder(id, order({ hold: false }), call());
        expect((await there.port.readOrder(id, call())).stage).toBe('accepted');
      });

      test('can be cancelled, and cancelling it again changes nothing', async () => {
        const { id } = await there.port.createOrder(order(), call());
        await there.port.cancelOrder(id, call());
        await there.port.cancelOrder(id, call());
        expect((await there.port.readOrder(id, call())).stage).toBe('cancelled');
      });

      test('that is being picked is too late to cancel or to change', async () => {
        const { id, number } = await there.port.createOrder(order(), call());
        there.startPicking('SHOP-4711');
        const cancelled = await expectFailure(there.port.cancelOrder(id, call()), 'rejected');
        const changed = await expectFailure(there.port.updateOrder(id, order(), call()), 'rejected');
        expect([cancelled.code, changed.code]).toEqual(['too_late', 'too_late']);
        expect(cancelled.summary).toContain(number);
      });

      test('that nobody knows is not found', async () => {
        await expectFailure(there.port.readOrder('c9165f93-8301-4aaa-9f64-27f191c0c778', call()), 'not_found');
      });

      test('in a state we do not know keeps the word', async () => {
        const { id } = await there.port.createOrder(order(), call());
        there.setStatus('SHOP-4711', 'totally_new_status');
        expect(await there.port.readOrder(id, call())).toMatchObject({
          status: 'totally_new_status',
          stage: 'unknown',
        });
      });
    });

    describe('parcels', () => {
      test('of an order carry their lines and numbers; two parcels are two', async () => {
        const { id } = await there.port.createOrder(order(), call());
        there.ship('SHOP-4711', 2);
        const parcels = await there.port.parcelsOf({ id, reference: 'SHOP-4711' }, call());
        expect(parcels.map(({ lines }) => lines)).toEqual([
          [{ articleCode: there.articles[0], quantity: 1 }],
          [{ articleCode: there.articles[0], quantity: 1 }],
        ]);
        expect(new Set(parcels.map(({ tracking }) => tracking[0]?.code)).size).toBe(2);
        expect(
          parcels.every(
            ({ orderRemoteId, carrier, tracking }) =>
              orderRemoteId === id && carrier !== '' && tracking[0]?.url != null,
          ),
        ).toBe(true);
        expect((await there.port.readOrder(id, call())).stage).toBe('shipped');
      });

      test('of another order do not come along', async () => {
        const { id } = await there.port.createOrder(order(), call());
        await there.port.createOrder(order({ reference: 'SHOP-4712' }), call());
        there.ship('SHOP-4712', 1);
        expect(await there.port.parcelsOf({ id, reference: 'SHOP-4711' }, call())).toEqual([]);
      });
    });

    describe('lists', () => {
      test('of orders and parcels are read to their end, page by page, each row once', async () => {
        const references = await there.fill(230);
        for (const reference of references) there.ship(reference, 1);
        const from = new Date(NOW - 3_600_000).toISOString();
        const orders = await allPages((page) => there.port.listOrders({ from, page }, call()));
        const parcels = await allPages((page) => there.port.listParcels({ from, page }, call()));
        expect(orders.map(({ reference }) => reference).sort()).toEqual([...references].sort());
        expect(parcels.map(({ orderReference }) => orderReference).sort()).toEqual([...references].sort());
      });

      test('of articles hold codes, SKUs and names', async () => {
        const articles = await allPages((page) => there.port.listArticles(page, call()));
        expect(articles.map(({ code }) => code)).toEqual(expect.arrayContaining([...there.articles]));
        expect(articles.every(({ id, name }) => id !== '' && name !== '')).toBe(true);
      });
    });

    describe('trouble', () => {
      test('an expired token is renewed once, and the call goes through', async () => {
        await there.port.createOrder(order(), call());
        const before = there.logins();
        there.expireToken();
        expect(await there.port.findOrders('SHOP-4711', call())).toHaveLength(1);
        expect(there.logins() - before).toBe(1);
      });

      test('ten calls at once renew it once', async () => {
        await there.port.createOrder(order(), call());
        const before = there.logins();
        there.expireToken();
        await Promise.all(Array.from({ length: 10 }, () => there.port.findOrders('SHOP-4711', call())));
        expect(there.logins() - before).toBe(1);
      });

      test('too many requests say when to come again', async () => {
        await there.port.test(call());
        there.answerEvery('busy for 7 seconds');
        const failure = await expectFailure(there.port.createOrder(order(), call()), 'rate_limited');
        expect(failure.retryAfterSeconds).toBe(7);
      });

      test.each(['5xx after the effect', '5xx before the effect'] as const)(
        '%s: reading is unavailable, a create has an unknown outcome, a change can be repeated',
        async (trouble) => {
          const { id } = await there.port.createOrder(order(), call());
          there.answerEvery(trouble);
          await expectFailure(there.port.readOrder(id, call()), 'unavailable');
          await expectFailure(there.port.updateOrder(id, order(), call()), 'unavailable');
          await expectFailure(there.port.createOrder(order({ reference: 'SHOP-4712' }), call()), 'unknown_outcome');
          there.noMoreTrouble();
          expect(await there.port.findOrders('SHOP-4712', call())).toHaveLength(there.ordersThere('SHOP-4712'));
        },
      );

      test('a web page where data should be is named as one', async () => {
        const { id } = await there.port.createOrder(order(), call());
        there.answerEvery('a web page');
        const failure = await expectFailure(there.port.readOrder(id, call()), 'unavailable');
        expect(failure.summary).toMatch(/web page.*maintenance/i);
      });

      test('a connection that breaks leaves a write open and a read unavailable', async () => {
        const { id } = await there.port.createOrder(order(), call());
        there.answerEvery('nothing at all');
        await expectFailure(there.port.readOrder(id, call()), 'unavailable');
        await expectFailure(there.port.createOrder(order({ reference: 'SHOP-4712' }), call()), 'unknown_outcome');
        expect((await there.port.test(call())).ok).toBe(false);
      });

      test('after a lapsed lease no write is sent, while reading is harmless', async () => {
        const { id } = await there.port.createOrder(order(), call());
        const before = there.callsSoFar();
        const lapsed = { ...call(), mayStillSend: () => Promise.resolve(false) };
        const writes = [
          there.port.createOrder(order({ reference: 'SHOP-4712' }), lapsed),
          there.port.updateOrder(id, order(), lapsed),
          there.port.cancelOrder(id, lapsed),
        ];
        for (const write of writes) expect((await expectFailure(write, 'unexpected')).code).toBe('lost_lease');
        expect(there.callsSoFar()).toBe(before);
        expect((await there.port.readOrder(id, lapsed)).id).toBe(id);
      });

      test('a stopped call is over at once', async () => {
        await there.port.test(call());
        const stopped = { ...call(), signal: AbortSignal.abort() };
        await expectFailure(there.port.createOrder(order(), stopped), 'unavailable');
        expect(there.ordersThere('SHOP-4711')).toBe(0);
      });
    });

    describe('webhooks', () => {
      test('are registered once, replaced when the secret changes, and said in a sentence', async () => {
        const { url } = there.receiver;
        const first = await there.port.ensureWebhooks(url, 'secret-1', call());
        const again = await there.port.ensureWebhooks(url, 'secret-1', call());
        const rotated = await there.port.ensureWebhooks(url, 'secret-2', call());
        expect(first).toMatch(/\d+ new/);
        expect(again).not.toMatch(/new/);
        expect(rotated).toMatch(/\d+ new, \d+ outdated/);
      });

      test('are verified on their raw bytes, carry a delivery id, and read as orders and parcels', async () => {
        await there.port.ensureWebhooks(there.receiver.url, 'secret-1', call());
        const { id } = await there.port.createOrder(order(), call());
        there.ship('SHOP-4711', 1);
        await Promise.all([there.receiver.next('order.shipped'), there.receiver.next('shipment.created')]);
        const { deliveries } = there.receiver;
        const { verify, deliveryId, read } = there.webhooks;
        expect(deliveries.every(({ headers, raw }) => verify(headers, raw, 'secret-1'))).toBe(true);
        expect(deliveries.some(({ headers, raw }) => verify(headers, raw, 'secret-2'))).toBe(false);
        expect(new Set(deliveries.map(({ headers }) => deliveryId(headers))).size).toBe(deliveries.length);
        const events = deliveries.map(({ raw }) => read(raw));
        const shipped = events.find(({ topic }) => topic === 'order.shipped');
        const parcel = events.find(({ topic }) => topic === 'shipment.created');
        expect(shipped).toMatchObject({ type: 'order', order: { id, stage: 'shipped', uuid: order().uuid } });
        expect(parcel).toMatchObject({
          type: 'shipment',
          parcel: { orderRemoteId: id, lines: [{ articleCode: there.articles[0], quantity: 2 }] },
        });
      });
    });
  });
}

export const NOW = Date.parse('2026-11-23T10:00:00Z');

export function call(): CallContext {
  return { signal: new AbortController().signal, mayStillSend: () => Promise.resolve(true), traceId: 'trace-1' };
}

export function draft(changes: Partial<WarehouseOrderDraft> = {}): WarehouseOrderDraft {
  return {
    reference: 'SHOP-4711',
    uuid: '4b1c2d3e-0000-4000-8000-000000004711',
    displayNumber: '4711',
    storeOrderId: 4711,
    hold: false,
    currency: 'EUR',
    totalMinor: 2935,
    customerNote: 'Please ring twice',
    address: {
      firstName: 'Anna',
      lastName: 'de Vries',
      company: '',
      line1: 'Voorbeeldstraat 12 A',
      line2: '',
      zip: '1000 AA',
      city: 'Voorbeeldstad',
      state: '',
      country: 'NL',
      phone: '0201234567',
      email: 'anna@example.com',
    },
    lines: [],
    ...changes,
  };
}

export function lineOf(articleCode: string, quantity: number): WarehouseOrderDraft['lines'][number] {
  return { articleCode, quantity, name: `Article ${articleCode}`, unitPriceMinor: 1250 };
}

export async function expectFailure(work: Promise<unknown>, kind: FailureKind): Promise<PlatformFailure> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof PlatformFailure))
    throw new Error(`Expected a failure of kind ${kind}, got ${String(failure)}`);
  expect({ kind: failure.kind, summary: failure.summary }).toEqual({ kind, summary: failure.summary });
  return failure;
}

async function allPages<Row>(read: (page: number) => Promise<{ rows: Row[]; next: number | null }>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page: number | null = 1; page !== null;) {
    const answer: { rows: Row[]; next: number | null } = await read(page);
    rows.push(...answer.rows);
    page = answer.next;
  }
  return rows;
}
