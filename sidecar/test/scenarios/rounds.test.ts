import type { Job } from '../../src/domain/job.js';
import type { JobKind } from '../../src/domain/kinds.js';
import type { ChangesFrom } from '../../src/platforms/platform.js';
import { newJob } from '../../src/queue/enqueue.js';
import { execute } from '../../src/queue/executor.js';
import { startLoop, type Loop } from './loop.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PAGE = 10;
/** More pages than any test needs. */
const ENOUGH = 60;

let loop: Loop;
/** How each page of changes was asked for, and how long the shop takes to answer. */
let asked: ChangesFrom[];
let answersInMs: number;

beforeEach(async () => {
  loop = await startLoop();
  asked = [];
  answersInMs = 0;
  const { listChanged } = loop.wc;
  loop.wc.listChanged = async (from, call) => {
    asked.push(from);
    if (asked.length > ENOUGH) throw new Error('It goes round in circles');
    const { rows } = await listChanged(from, call);
    loop.clock.now += answersInMs;
    const changed = rows
      .filter(({ order }) => Date.parse(order.modifiedAt) > Date.parse(from.since))
      .sort((a, b) => Date.parse(a.order.modifiedAt) - Date.parse(b.order.modifiedAt));
    const page = changed.slice(0, PAGE);
    const last = page.at(-1);
    const isCut = changed.length > PAGE && last !== undefined;
    return { rows: page, next: isCut ? { since: new Date(last.order.modifiedAt).toISOString() } : null };
  };
});

/** Orders a second apart that no hook tells of. */
function placeUntold(count: number): void {
  for (let placed = 0; placed < count; placed += 1) {
    loop.clock.now += SECOND;
    loop.shop.place();
  }
}

async function ask(kind: JobKind): Promise<void> {
  const connection = { id: 'store-1', orgId: 'org-1', storeId: 'store-1' };
  const job = newJob({ kind, connection, subject: 'store:store-1', now: loop.clock.now, traceId: 't', origin: 'test' });
  await loop.apply([{ write: 'enqueue', job, onDead: 'revive' }]);
}

async function run(kind: JobKind): Promise<void> {
  await ask(kind);
  await loop.run();
}

/** The process is killed while it waits for this call's answer; somebody else takes the job up when its lease has ended. */
async function killAt(reached: Promise<void>): Promise<void> {
  const job = await loop.claimOne();
  void execute(job, loop.deps, new AbortController().signal);
  await reached;
  loop.clock.now += MINUTE + SECOND;
}

function hangOnce<Name extends 'listChanged' | 'readOrders'>(name: Name, at: number): Promise<void> {
  const answer = loop.wc[name] as (...args: unknown[]) => Promise<unknown>;
  let calls = 0;
  return new Promise((reached) => {
    const asking = (...args: unknown[]): Promise<unknown> => {
      calls += 1;
      if (calls !== at) return answer(...args);
      if (name === 'listChanged') asked.push(args[0] as ChangesFrom);
      reached();
      return new Promise(() => undefined);
    };
    loop.wc[name] = asking as Loop['wc'][Name];
  });
}

const unknown = async (): Promise<number[]> => {
  const ids = [...loop.shop.orders.keys()];
  const records = await Promise.all(ids.map((id) => loop.store.record('store-1', 'order', String(id))));
  return ids.filter((_, index) => records[index] === null);
};
const jobsOf = async (kind: JobKind): Promise<Job[]> => (await loop.jobs()).filter((job) => job.kind === kind);
const cursor = async (): Promise<number> => Date.parse((await loop.store.meta('cursor:store.sweep:store-1')) ?? '');

describe('A sweep', () => {
  it('asks once where nothing changed', async () => {
    await run('store.sweep');
    expect(asked).toHaveLength(1);
    expect((await jobsOf('store.sweep')).map(({ sentence }) => sentence)).toEqual(['Looked at 0 changed orders.']);
  });

  it('that is killed in the middle goes on where it was', async () => {
    placeUntold(45);
    const reached = hangOnce('listChanged', 3);
    await ask('store.sweep');
    await killAt(reached);
    await loop.run();
    expect(asked).toHaveLength(6);
    expect(asked[3]).toEqual(asked[2]);
    expect(await unknown()).toEqual([]);
  });

  it('with more pages than fit into its time ends, and the next round goes on', async () => {
    placeUntold(95);
    answersInMs = 25 * SECOND;
    await run('store.sweep');
    const rounds = await jobsOf('store.sweep');
    expect(rounds.map(({ state, sentence }) => [state, sentence])).toEqual([
      ['done', 'Looked at 30 changed orders; more to come.'],
      ['done', 'Looked at 30 changed orders; more to come.'],
      ['done', 'Looked at 30 changed orders; more to come.'],
      ['done', 'Looked at 5 changed orders.'],
    ]);
    expect(new Set(asked.map(({ since }) => since)).size).toBe(asked.length);
    expect(await unknown()).toEqual([]);
  });

  it('begins at its cursor again once it came to its end', async () => {
    placeUntold(45);
    await run('store.sweep');
    const first = await cursor();
    expect(first).toBe(loop.clock.now - MINUTE);
    await run('store.sweep');
    expect(asked[5]).toEqual({ since: new Date(first).toISOString() });
    expect(await cursor()).toBe(first);
  });

  it('leaves to the next one what became readable late while it went on', async () => {
    placeUntold(45);
    answersInMs = 25 * SECOND;
    const { listChanged } = loop.wc;
    const late = loop.shop.place();
    let isSaved = false;
    loop.wc.listChanged = async (...args) => {
      const { rows, next } = await listChanged(...args);
      // The shop is busy: behind each page there is another.
      if (asked.length < 12) placeUntold(12);
      return { rows: rows.filter(({ order }) => isSaved || order.id !== late.id), next };
    };
    await run('store.sweep');
    expect(await unknown()).toEqual([late.id]);
    isSaved = true;
    await run('store.sweep');
    expect(await unknown()).toEqual([]);
  });

  it('is not led into the future by an order that a wrong clock has put there', async () => {
    const ahead = loop.shop.place();
    loop.shop.orders.set(ahead.id, { ...ahead, date_modified_gmt: '2031-01-01T00:00:00' });
    await run('store.sweep');
    placeUntold(3);
    await run('store.sweep');
    expect(await unknown()).toEqual([]);
  });
});

describe('The hourly re-check', () => {
  const readAgain: (readonly number[])[] = [];
  beforeEach(async () => {
    for (let count = 0; count < 350; count += 1) await loop.buy({ status: 'on-hold' });
    await loop.run();
    readAgain.length = 0;
    const { readOrders } = loop.wc;
    loop.wc.readOrders = (ids, call) => {
      readAgain.push(ids);
      if (readAgain.length > ENOUGH) throw new Error('It goes round in circles');
      loop.clock.now += answersInMs;
      return readOrders(ids, call);
    };
  });

  it('that is killed in the middle goes on where it was', async () => {
    const reached = hangOnce('readOrders', 3);
    await ask('store.recheck');
    await killAt(reached);
    await loop.run();
    expect(readAgain.map(({ length }) => length)).toEqual([100, 100, 100, 50]);
    expect(new Set(readAgain.flat()).size).toBe(350);
  });

  it('of more orders than fit into its time ends, and the next round goes on', async () => {
    answersInMs = 40 * SECOND;
    await run('store.recheck');
    expect((await jobsOf('store.recheck')).map(({ state, sentence }) => [state, sentence])).toEqual([
      ['done', 'Read 200 open orders again; more to come.'],
      ['done', 'Read 150 open orders again; more to come.'],
      ['done', 'Read 0 open orders again.'],
    ]);
    expect(new Set(readAgain.flat()).size).toBe(350);
    await run('store.recheck');
    expect(readAgain.slice(4).flat()).toHaveLength(350);
  });

  it('reads those before an order that no shop can give each hour', async () => {
    const { readOrders } = loop.wc;
    loop.wc.readOrders = (ids, call) =>
      ids.includes(1250) ? Promise.reject(new Error('The shop broke off')) : readOrders(ids, call);
    await run('store.recheck');
    readAgain.length = 0;
    loop.clock.now += HOUR;
    await run('store.recheck');
    expect(readAgain.flat()).toHaveLength(200);
  });
});
