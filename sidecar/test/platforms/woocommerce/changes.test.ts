import { connectWooCommerce } from '../../../src/platforms/woocommerce/platform.js';
import { createHttp, type HttpAnswer, type HttpClient, type HttpRequest } from '../../../src/platforms/http.js';
import type { CallContext, ChangesFrom, ReadStoreOrder, StorePort } from '../../../src/platforms/platform.js';
import { startShopSimulator, type ShopSimulator } from '../../../src/simulators/shop/server.js';

const START = Date.parse('2026-11-23T08:00:00Z');
const FROM: ChangesFrom = { since: '2026-11-23T07:00:00.000Z' };
/** More than any reading here can need: one that goes round in circles stops there. */
const ENOUGH = 50;

let clock: number;
let shop: ShopSimulator;
let store: StorePort;
let transport: HttpClient;
/** What lies between the shop and us. */
let between: { ask(request: HttpRequest): HttpRequest; answer(answer: HttpAnswer): HttpAnswer };

beforeEach(async () => {
  clock = START;
  between = { ask: (request) => request, answer: (answer) => answer };
  shop = await startShopSimulator({ now: () => clock });
  transport = createHttp();
  const values = { consumerKey: 'ck_simulated', consumerSecret: 'cs_simulated', secret: 'whsec_c2VjcmV0' };
  store = connectWooCommerce({ restUrl: shop.restUrl, siteHash: shop.shop.site }, 'store-1', {
    http: async (request) => between.answer(await transport.http(between.ask(request))),
    now: () => clock,
    newId: () => 'write-1',
    credentials: { read: () => Promise.resolve({ values, version: 1 }), replace: () => Promise.resolve(true) },
    log: () => undefined,
  });
});
afterEach(async () => {
  await shop.stop();
  await transport.close();
});

const call = (): CallContext => ({
  signal: AbortSignal.timeout(20_000),
  mayStillSend: () => Promise.resolve(true),
  traceId: 'trace',
});

/** So many orders, one a second, or all in one. */
function place(count: number, pace: 'one a second' | 'in one second'): void {
  for (let placed = 0; placed < count; placed += 1) {
    if (pace === 'one a second') clock += 1000;
    shop.shop.place();
  }
}

/** @param meanwhile happens in the shop after each page. @returns all pages, as one reading gives them. */
async function readAll(meanwhile: (page: number) => void = () => undefined): Promise<ReadStoreOrder[][]> {
  const pages: ReadStoreOrder[][] = [];
  let from: ChangesFrom | null = FROM;
  while (from !== null) {
    // As it is kept between two pages.
    const page = await store.listChanged(JSON.parse(JSON.stringify(from)) as ChangesFrom, call());
    pages.push(page.rows);
    from = page.next;
    if (pages.length > ENOUGH) throw new Error('It goes round in circles');
    meanwhile(pages.length);
  }
  return pages;
}

const idsOf = (pages: ReadStoreOrder[][]): number[] => [...new Set(pages.flat().map(({ order }) => order.id))].sort();
const everyId = (): number[] => [...shop.shop.orders.keys()].sort();
const asked = (): number => shop.ledger.filter(({ path }) => path.endsWith('/orders')).length;

describe('Orders changed since a moment', () => {
  it('cost one question for the orders and one for the trash where nothing changed', async () => {
    expect(await readAll()).toEqual([[]]);
    expect(asked()).toBe(2);
  });

  it('come oldest change first, the trash among them', async () => {
    place(150, 'one a second');
    clock += 1000;
    shop.shop.edit(1001, { status: 'trash' });
    const pages = await readAll();
    expect(pages[0]?.slice(0, 99).map(({ order }) => order.id)).toEqual(Array.from({ length: 99 }, (_, n) => n + 1002));
    expect(idsOf(pages)).toEqual(everyId());
    expect(asked()).toBe(4);
  });

  it('are all found where some of the same second lie on both sides of a border', async () => {
    place(95, 'one a second');
    clock += 1000;
    place(10, 'in one second');
    place(20, 'one a second');
    expect(idsOf(await readAll())).toEqual(everyId());
  });

  it('are all found while others change, which moves every order behind them up', async () => {
    place(250, 'one a second');
    const pages = await readAll((page) => {
      clock += 1000;
      if (page < 3) for (let id = 1001; id <= 1010; id += 1) shop.shop.edit(id + page * 10, { customer_note: 'Ring' });
    });
    expect(idsOf(pages)).toEqual(everyId());
  });

  it('are all found where one second has more than a page, even of those that some leave meanwhile', async () => {
    place(5, 'one a second');
    place(330, 'in one second');
    place(5, 'one a second');
    const pages = await readAll((page) => {
      clock += 1000;
      if (page < 6) shop.shop.edit(1010 + page, { customer_note: 'Ring' });
    });
    expect(idsOf(pages)).toEqual(everyId());
  });

  it('are read on behind a page that shows fewer than there are, as WooCommerce leaves out what it cannot load', async () => {
    place(120, 'one a second');
    between.answer = (answer) => withRows(answer, (rows) => rows.filter(({ id }) => id !== 1050));
    expect(idsOf(await readAll())).toEqual(everyId().filter((id) => id !== 1050));
  });

  it('are not read again for ever where the same page is given whatever is asked', async () => {
    place(250, 'one a second');
    between.ask = (request) => ({
      ...request,
      url: request.url.replace(/modified_after=[^&]+/, 'modified_after=2020'),
    });
    await expect(readAll()).rejects.toMatchObject({ kind: 'invalid', code: 'changes_not_listed' });
  });

  it('are read by the size of the page where a proxy keeps the number of pages to itself', async () => {
    place(250, 'one a second');
    between.answer = ({ headers, ...answer }) => ({
      ...answer,
      headers: { 'content-type': headers['content-type'] ?? '' },
    });
    expect(idsOf(await readAll())).toEqual(everyId());
    clock += 1000;
    place(101, 'in one second');
    await expect(readAll()).rejects.toMatchObject({ kind: 'invalid', code: 'pages_unknown' });
  });
});

function withRows(answer: HttpAnswer, change: (rows: { id: number }[]) => { id: number }[]): HttpAnswer {
  const rows = JSON.parse(Buffer.from(answer.body).toString('utf8')) as { id: number }[];
  return { ...answer, body: Buffer.from(JSON.stringify(change(rows))) };
}
