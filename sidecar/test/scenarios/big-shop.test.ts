import { newJob } from '../../src/queue/enqueue.js';
import { execute } from '../../src/queue/executor.js';
import { startLoop } from './loop.js';

const ORDERS = 350;

describe('The net under a shop with many open orders', () => {
  it('takes a break after each hundred, so that webhooks and screens are answered meanwhile', async () => {
    const loop = await startLoop();
    for (let count = 0; count < ORDERS; count += 1) await loop.buy({ status: 'on-hold' });
    await loop.run();
    const connection = { id: 'store-1', orgId: 'org-1', storeId: 'store-1' };
    const ask = { kind: 'store.net', connection, subject: 'store:store-1', traceId: 't', origin: 'schedule' } as const;
    await loop.apply([{ write: 'enqueue', onDead: 'revive', job: newJob({ ...ask, now: loop.clock.now }) }]);
    const job = await loop.claimOne();
    let units = 0;
    const store = {
      ...loop.store,
      apply: (unit: Parameters<typeof loop.store.apply>[0]) => ((units += 1), loop.store.apply(unit)),
    };
    await execute(job, { ...loop.deps, store }, new AbortController().signal);
    // A store's unit is what lets others have their turn; the last one settles the job.
    expect(units).toBe(Math.ceil(ORDERS / 100) + 1);
  });
});
