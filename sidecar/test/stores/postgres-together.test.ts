/** Several sidecars on one database: whatever they do at the same moment, it is as if one had done it after the other. */
import pg from 'pg';
import { bucketSpec } from '../../src/domain/token-bucket.js';
import type { PostgresStore } from '../../src/stores/postgres/store.js';
import {
  connection,
  failure,
  MINUTE,
  newActivity,
  newAttempt,
  newDelivery,
  NOON,
  SECOND,
} from '../contracts/store/builders.js';
import { shopOf } from '../contracts/store/shop.js';
import { usePostgres } from './postgres-server.js';

const postgres = usePostgres();

async function together<Result>(count: number, use: (stores: PostgresStore[]) => Promise<Result>): Promise<Result> {
  const schema = postgres.newSchema();
  const stores = await Promise.all(Array.from({ length: count }, () => postgres.open({ schema })));
  try {
    return await use(stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

describe('claims', () => {
  test('four sidecars that claim at the same moment get every job exactly once', () =>
    together(4, async (stores) => {
      const [first] = stores.map(shopOf);
      const ids = await Promise.all(Array.from({ length: 200 }, () => first!.enqueue()));
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, n) => shopOf(stores[n % 4]!).claimIds({ most: 7, owner: `sidecar ${n % 4}` })),
      );
      // A claim steps over rows that another one is taking; whoever asks again finds them.
      const given = [...claims.flat(), ...(await first!.claimIds({ most: 200 }))];
      expect(new Set(given).size).toBe(given.length);
      expect(given.sort((a, b) => a - b)).toEqual(ids);
    }));

  test('no more of a connection run than it allows, whoever claims', () =>
    together(4, async (stores) => {
      await Promise.all(Array.from({ length: 100 }, () => shopOf(stores[0]!).enqueue()));
      const mostRunning = new Map([['warehouse', 9]]);
      for (let round = 0; round < 20; round += 1) {
        const claims = await Promise.all(stores.map((store) => shopOf(store).claimIds({ most: 5, mostRunning })));
        const running = claims.flat();
        expect(running).toHaveLength(9);
        await Promise.all(running.map((id) => shopOf(stores[round % 4]!).move(id, 'postpone')));
      }
    }));

  test('a sidecar whose job another one took back is refused, and so is the record it wanted to make', () =>
    together(2, async ([slow, quick]) => {
      const id = await shopOf(slow!).enqueue();
      const [job] = await shopOf(slow!).claim();
      expect(await quick!.takeBackLapsed(NOON + 2 * MINUTE)).toEqual([id]);
      const fence = { guard: 'fence', jobId: id, fence: job!.fence } as const;
      const note = { write: 'putMeta', key: 'checkpoint', value: 'made' } as const;
      expect(await slow!.apply({ now: NOON, guards: [fence], writes: [note] })).toEqual({
        applied: false,
        failed: fence,
      });
      const end = await shopOf(slow!).apply(
        [
          { write: 'insertAttempt', attempt: newAttempt(id) },
          { write: 'moveJob', jobId: id, move: 'succeed', patch: {} },
        ],
        NOON,
        [fence],
      );
      expect(end).toEqual({ applied: false, failed: fence });
      expect(await quick!.meta('checkpoint')).toBeNull();
      expect(await shopOf(quick!).state(id)).toBe('queued');
    }));

  test('runs that end side by side make room for the next of their keys: at once, or when its time has come', () =>
    together(1, async ([store]) => {
      const shop = shopOf(store!);
      const [due, later] = [{ orderingKey: 'key 1' }, { orderingKey: 'key 2' }];
      await Promise.all([shop.enqueue(due), shop.enqueue(later), shop.enqueue()]);
      const second = await shop.enqueue(due);
      const third = await shop.enqueue({ ...later, runAt: NOON + MINUTE });
      await shop.enqueue(due);
      const running = await shop.claim();
      await Promise.all(running.map(({ id, fence }) => endRun(store!, id, fence)));
      expect(await shop.claimIds({ now: NOON + SECOND })).toEqual([second]);
      expect(await store!.promoteDue(NOON + MINUTE, 10)).toBe(1);
      expect(await shop.claimIds({ now: NOON + MINUTE })).toEqual([third]);
    }));

  test('runs that end side by side: the one that was taken back is refused, the others are done, and the next of each key comes', () =>
    together(2, async ([slow, quick]) => {
      const keys = Array.from({ length: 5 }, (_, n) => ({ orderingKey: `key ${n}` }));
      const ids = await Promise.all(keys.map((key) => shopOf(slow!).enqueue(key)));
      const next = await Promise.all(keys.map((key) => shopOf(slow!).enqueue(key)));
      const jobs = await shopOf(slow!).claim();
      expect(jobs.map(({ id }) => id)).toEqual(ids);
      const [lost, ...kept] = jobs;
      expect(await slow!.extendLease(lost!.id, lost!.fence, NOON)).toBe(true);
      expect(await quick!.takeBackLapsed(NOON + SECOND)).toEqual([lost!.id]);
      const answers = await Promise.all(jobs.map(({ id, fence }) => endRun(slow!, id, fence)));
      expect(answers.map(({ applied }) => applied)).toEqual([false, true, true, true, true]);
      for (const { id } of kept) {
        expect(await shopOf(quick!).job(id)).toMatchObject({ state: 'done', attempts: 1, sentence: 'Sent as ORD1.' });
        expect(await quick!.attempts(id)).toMatchObject([{ fence: 1, outcome: 'done', sentence: 'Sent as ORD1.' }]);
      }
      expect((await quick!.attempts(lost!.id)).map(({ outcome }) => outcome)).toEqual(['lapsed']);
      expect(await shopOf(quick!).claimIds()).toEqual([lost!.id, ...next.slice(1)]);
    }));

  test('a whole line of one key runs, one after the other, when each run ends plainly', () =>
    together(1, async ([store]) => {
      const shop = shopOf(store!);
      const ids: number[] = [];
      for (let n = 0; n < 5; n += 1) ids.push(await shop.enqueue({ orderingKey: 'key' }));
      expect(await inTurn(store!)).toEqual(ids);
    }));

  test.each([
    { came: 'because the first was cancelled', move: 'cancel', first: 1 },
    { came: 'and went back to wait', move: 'postpone', first: 0 },
  ] as const)('one that is in front $came is followed by those behind it', ({ move, first }) =>
    together(1, async ([store]) => {
      const shop = shopOf(store!);
      const ids: number[] = [];
      for (let n = 0; n < 3; n += 1) ids.push(await shop.enqueue({ orderingKey: 'key' }));
      if (move === 'postpone') await shop.claim();
      await shop.move(ids[0]!, move, move === 'cancel' ? { settledBy: 'Anna' } : { runAt: NOON });
      expect(await inTurn(store!)).toEqual(ids.slice(first));
    }),
  );
});

/** @returns the jobs in the order in which they ran, each once the one before it had ended. */
async function inTurn(store: PostgresStore): Promise<number[]> {
  const ran: number[] = [];
  for (;;) {
    const [job, another] = await shopOf(store).claim({ now: NOON + SECOND });
    if (job === undefined) return ran;
    expect(another).toBeUndefined();
    await endRun(store, job.id, job.fence);
    ran.push(job.id);
  }
}

function endRun(store: PostgresStore, jobId: number, fence: number) {
  const attempt = { write: 'insertAttempt', attempt: newAttempt(jobId, { fence }) } as const;
  const move = { write: 'moveJob', jobId, move: 'succeed', patch: { sentence: attempt.attempt.sentence } } as const;
  return store.apply({ now: NOON + SECOND, guards: [{ guard: 'fence', jobId, fence }], writes: [attempt, move] });
}

describe('races', () => {
  test('the same wish handed in by four at the same moment is one job', () =>
    together(4, async (stores) => {
      for (let round = 0; round < 10; round += 1) {
        const job = { coalesceKey: `wish ${round}`, orderingKey: `key ${round}` };
        const found = await Promise.all(stores.map((store) => shopOf(store).enqueue(job)));
        expect(new Set(found).size).toBe(1);
      }
    }));

  test('a delivery that reaches two at the same moment is taken by one', () =>
    together(2, async (stores) => {
      for (let round = 0; round < 10; round += 1) {
        const delivery = newDelivery({ dedupeKey: `hook ${round}`, id: `id ${round}` });
        const answers = await Promise.all(
          stores.map((store) =>
            store.apply({ now: NOON, guards: [], writes: [{ write: 'insertDelivery', delivery }] }),
          ),
        );
        expect(answers.map(({ applied }) => applied).sort()).toEqual([false, true]);
      }
    }));

  test('a job that blocks on a fact while another sidecar brings it goes on', () =>
    together(2, async ([one, two]) => {
      for (let round = 0; round < 40; round += 1) {
        const id = await shopOf(one!).enqueue();
        await shopOf(one!).claim();
        const fact = `article-mapped:${round}`;
        await Promise.all([
          shopOf(one!).move(id, 'block', { blockedOn: fact, blockedUntil: NOON + MINUTE }),
          two!.apply({ now: NOON, guards: [], writes: [{ write: 'putFact', fact, orgId: 'anvil', source: 'test' }] }),
        ]);
        expect(await shopOf(two!).state(id)).toBe('queued');
        await shopOf(one!).move(id, 'cancel');
      }
    }));

  test('the next of a key comes to the front, also when it came while the one before it ended elsewhere', () =>
    together(2, async ([one, two]) => {
      for (let round = 0; round < 40; round += 1) {
        const key = { orderingKey: `key ${round}` };
        const first = await shopOf(one!).enqueue(key);
        expect(await shopOf(one!).claimIds()).toEqual([first]);
        const [, second] = await Promise.all([shopOf(one!).move(first, 'succeed'), shopOf(two!).enqueue(key)]);
        expect(await shopOf(two!).claimIds()).toEqual([second]);
        await shopOf(two!).move(second, 'succeed');
      }
    }));

  test('the next of each key comes to the front, also when it came while a run of its claimer ended', () =>
    together(2, async ([one, two]) => {
      for (let round = 0; round < 40; round += 1) {
        const keys = Array.from({ length: 20 }, (_, n) => ({ orderingKey: `key ${round} ${n}` }));
        await Promise.all(keys.map((key) => shopOf(one!).enqueue(key)));
        const running = await shopOf(one!).claim();
        const [ends, next] = await Promise.all([
          Promise.all(running.map(({ id, fence }) => endRun(one!, id, fence))),
          Promise.all(keys.map((key) => shopOf(two!).enqueue(key))),
        ]);
        expect(ends.filter(({ applied }) => applied)).toHaveLength(keys.length);
        const claimed = await shopOf(two!).claim();
        expect(claimed.map(({ id }) => id)).toEqual(next.sort((a, b) => a - b));
        await Promise.all(claimed.map(({ id }) => shopOf(two!).move(id, 'succeed')));
      }
    }));

  test('a person who cancels what a sidecar is claiming either gets it or is refused', () =>
    together(2, async ([one, two]) => {
      for (let round = 0; round < 30; round += 1) {
        const id = await shopOf(one!).enqueue();
        const [claimed, cancelled] = await Promise.all([shopOf(one!).claimIds(), shopOf(two!).move(id, 'cancel')]);
        expect(cancelled.applied).toBe(claimed.length === 0);
        expect(await shopOf(two!).state(id)).toBe(cancelled.applied ? 'cancelled' : 'running');
        if (claimed.length > 0) await shopOf(one!).move(id, 'succeed');
      }
    }));

  test('failures of a connection seen by several sidecars are all counted', () =>
    together(4, async (stores) => {
      await shopOf(stores[0]!).write([{ write: 'putConnection', connection: connection() }]);
      const seen = {
        write: 'noteEvidence',
        connectionId: 'warehouse',
        evidence: 'unavailable',
        run: 'ordinary',
      } as const;
      await Promise.all(stores.map((store) => shopOf(store).write([seen])));
      expect((await stores[0]!.connection('warehouse'))?.breaker).toMatchObject({ state: 'closed', failures: 4 });
      await shopOf(stores[0]!).write([seen]);
      expect((await stores[3]!.connection('warehouse'))?.breaker.state).toBe('open');
    }));

  test('of a hundred jobs on one key, worked on by four, never two run, and they run in their order', () =>
    together(4, async (stores) => {
      const ids: number[] = [];
      for (let n = 0; n < 30; n += 1) ids.push(await shopOf(stores[n % 4]!).enqueue({ orderingKey: 'order:1' }));
      const ran: number[] = [];
      while (ran.length < ids.length) {
        const claims = await Promise.all(stores.map((store) => shopOf(store).claimIds()));
        const running = claims.flat();
        expect(running.length).toBeLessThanOrEqual(1);
        for (const id of running) await shopOf(stores[ran.length % 4]!).move(id, 'succeed');
        ran.push(...running);
      }
      expect(ran).toEqual(ids);
    }));

  test('people who press while the store is busy: what waits together for one transaction is moved once', () =>
    together(1, async ([store]) => {
      const shop = shopOf(store!);
      const ids = [await shop.jobIn('dead'), await shop.jobIn('dead')];
      for (let round = 0; round < 10; round += 1) {
        const press = (): Promise<number> =>
          store!.moveMatching({ states: ['dead'] }, 'retryNow', {}, newActivity({ what: 'retryNow' }), NOON, 100);
        let isBusy = true;
        const busy = (async () => {
          while (isBusy) await shop.write([{ write: 'putMeta', key: 'busy', value: String(round) }]);
        })();
        const moved = await Promise.all([press(), press(), press()]);
        isBusy = false;
        await busy;
        expect(moved.reduce((sum, one) => sum + one)).toBe(ids.length);
        for (const { id, fence } of await shop.claim())
          await shop.move(id, 'fail', { failure: failure({ code: `${fence}` }) });
      }
    }));

  test('what one takes back, rescues or moves is not done again by another at the same moment', () =>
    together(3, async (stores) => {
      const shop = shopOf(stores[0]!);
      const ids = await Promise.all(Array.from({ length: 60 }, () => shop.enqueue()));
      await shop.claim();
      const lapsed = await Promise.all(stores.map((store) => store.takeBackLapsed(NOON + 2 * MINUTE)));
      expect(lapsed.flat().sort((a, b) => a - b)).toEqual(ids);
      await shop.claim({ now: NOON + 2 * MINUTE });
      for (const id of ids) await shop.move(id, 'fail', { failure: failure() }, NOON + 2 * MINUTE);
      const later = NOON + 10 * MINUTE;
      const rescued = await Promise.all(stores.map((store) => store.rescue(later, MINUTE, 60 * MINUTE, 1000)));
      expect(rescued.reduce((sum, count) => sum + count)).toBe(ids.length);
      expect(await shop.deeds(ids[0]!)).toEqual(['rescue']);
    }));
});

describe('what they share', () => {
  test('one has the lead until its time is over, and gives it up when it goes', () =>
    together(3, async (stores) => {
      const asked = await Promise.all(
        stores.map((store, n) => store.lead('schedules', `sidecar ${n}`, NOON, 15 * SECOND)),
      );
      expect(asked.filter((has) => has)).toHaveLength(1);
      const leader = asked.indexOf(true);
      const other = (leader + 1) % 3;
      const ask = (n: number, now: number) => stores[n]!.lead('schedules', `sidecar ${n}`, now, 15 * SECOND);
      expect(await ask(leader, NOON + 10 * SECOND)).toBe(true);
      expect(await ask(other, NOON + 24 * SECOND)).toBe(false);
      expect(await ask(other, NOON + 25 * SECOND)).toBe(true);
      await stores[other]!.resign('schedules', `sidecar ${other}`);
      expect(await ask(leader, NOON + 25 * SECOND)).toBe(true);
    }));

  test('the calls of a connection are not given twice, however many ask at once', () =>
    together(4, async (stores) => {
      const spec = bucketSpec(100);
      const ask = (store: PostgresStore) =>
        store.takeCalls({ connectionId: 'warehouse', spec, callClass: 'order', want: 3, now: NOON });
      const grants = await Promise.all(Array.from({ length: 40 }, (_, n) => ask(stores[n % 4]!)));
      expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(spec.burst);
      expect(grants.filter(({ granted }) => granted === 0).every(({ waitMs }) => waitMs > 0)).toBe(true);
      await stores[1]!.closeCalls('warehouse', spec, NOON + 10 * MINUTE);
      const later = { connectionId: 'warehouse', spec, callClass: 'order', want: 1, now: NOON + MINUTE } as const;
      expect(await stores[2]!.takeCalls(later)).toMatchObject({ granted: 0, waitMs: 9 * MINUTE });
    }));

  test('what one makes runnable rings at the others, and not at itself', () =>
    together(2, async ([one, two]) => {
      let own = 0;
      const heard = listening(two!, () => undefined);
      const ready = listening(one!, () => (own += 1));
      await Promise.all([heard.next(), ready.next()]);
      const before = own;
      const ring = heard.next();
      await shopOf(one!).enqueue();
      await ring;
      // Both listen to one channel: what has reached the other would have reached it too.
      await shopOf(two!).enqueue();
      await ready.next();
      expect(own).toBe(before + 1);
    }));

  test('news go on after the connection they came by was lost', () =>
    together(2, async ([one, two]) => {
      const heard = listening(two!, () => undefined);
      const rings = listening(one!, () => undefined);
      await Promise.all([heard.next(), rings.next()]);
      const again = heard.next();
      await ended("query LIKE 'LISTEN%' OR query LIKE 'NOTIFY%'");
      await again;
      const ring = heard.next();
      await Promise.all([ring, repeatUntil(ring, () => shopOf(one!).enqueue())]);
    }));
});

describe('the schema', () => {
  test('several that start at once on an empty database migrate it once', async () => {
    const schema = postgres.newSchema();
    const stores = await Promise.all(Array.from({ length: 5 }, () => postgres.open({ schema })));
    expect(await versions(schema)).toEqual([{ version: 1, name: 'first', at: NOON }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('one of a newer Tallyman is refused with a sentence, and left as it is', async () => {
    const schema = postgres.newSchema();
    await (await postgres.open({ schema })).close();
    await sql(`INSERT INTO ${schema}.migrations VALUES (900, 'future', 1)`);
    await expect(postgres.open({ schema })).rejects.toThrow(
      /written by a newer Tallyman \(its schema is 900, this program knows 1\)/,
    );
  });

  test('the database itself refuses two running jobs of one key', async () => {
    const schema = postgres.newSchema();
    const store = await postgres.open({ schema });
    await shopOf(store).enqueue({ orderingKey: 'key' });
    const second = await shopOf(store).enqueue({ orderingKey: 'key' });
    await shopOf(store).claim();
    const force = `UPDATE ${schema}.jobs SET state = 'running', head = true, ready = false, lease_until = 1 WHERE id = ${second}`;
    await expect(sql(force)).rejects.toThrow(/jobs_head/);
    await store.close();
  });

  test('text that PostgreSQL cannot hold is kept as well as it can be, also as a key', async () => {
    const store = await postgres.open();
    const shop = shopOf(store);
    const strange = 'NUL \0 and half a pair \ud800';
    const first = await shop.enqueue({ coalesceKey: strange, orderingKey: strange, payload: { text: strange } });
    expect(await shop.enqueue({ coalesceKey: strange, orderingKey: strange })).toBe(first);
    expect((await shop.job(first)).payload).toEqual({ text: strange });
    const delivery = newDelivery({ dedupeKey: strange });
    await shop.write([{ write: 'insertDelivery', delivery }]);
    expect(await store.deliveryByKey('warehouse', strange)).not.toBeNull();
    expect((await shop.apply([{ write: 'insertDelivery', delivery: { ...delivery, id: 'again' } }])).applied).toBe(
      false,
    );
    await store.close();
  });

  test('a database that sorts by language gives the same order and finds the same', async () => {
    const { server } = postgres;
    await sql("CREATE DATABASE german TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C'");
    const store = await postgres.open({ url: server().url.replace(/\/postgres$/, '/german') });
    const shop = shopOf(store);
    for (const id of ['b', 'B', 'a', 'Ä', '_']) {
      await shop.write([{ write: 'putConnection', connection: connection({ id }) }]);
    }
    expect((await store.connections()).map(({ id }) => id)).toEqual(['B', '_', 'a', 'b', 'Ä']);
    await shop.enqueue({ subject: 'order:Ä1' });
    expect(await shop.found({ search: 'ä1' })).toEqual([]);
    expect(await shop.found({ search: 'ORDER:Ä1' })).toHaveLength(1);
    await store.close();
  });
});

/** Calls of a listener as named moments. */
function listening(store: PostgresStore, onCall: () => void) {
  let waiting: (() => void)[] = [];
  store.onNews(() => {
    onCall();
    const called = waiting;
    waiting = [];
    for (const tell of called) tell();
  });
  return { next: () => new Promise<void>((resolve) => waiting.push(resolve)) };
}

/** Does it again and again until `moment` has come: whoever speaks may not be heard yet. */
async function repeatUntil(moment: Promise<unknown>, act: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  void moment.then(() => (isOver = true));
  while (!isOver) await act();
}

async function sql(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgres.server().url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const versions = async (schema: string) =>
  (await sql(`SELECT version, name, at FROM ${schema}.migrations`)).map((row) => ({
    ...(row as { version: number; name: string }),
    at: Number((row as { at: string }).at),
  }));

function ended(sessions: string): Promise<unknown> {
  return sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (${sessions})`);
}
