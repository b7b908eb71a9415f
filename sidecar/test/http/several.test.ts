/** Several sidecars behind one address: whichever gets a call, it must mean the same. */
import { sharedTurns } from '../../src/http/in-turn.js';
import { memoryStore } from '../../src/stores/memory.js';
import { FakeWorld } from '../fake-world.js';
import { NOON, pairShop, startSidecar, type TestSidecar } from './sidecar.js';

let open: TestSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.map((sidecar) => sidecar.stop()));
  open = [];
});

test('calls about one thing take turns at all sidecars, others do not wait for them', async () => {
  const [store, world] = [memoryStore(), new FakeWorld()];
  const [north, south] = [sharedTurns({ store, world }), sharedTurns({ store, world })];
  const diary: string[] = [];
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const first = north('order:1', async () => {
    diary.push('first begins');
    await gate;
    diary.push('first ends');
  });
  await world.quiet();
  const second = south('order:1', async () => void diary.push('second'));
  const other = south('order:2', async () => void diary.push('other'));
  await world.advance(1_000);
  await other;
  expect(diary).toEqual(['first begins', 'other']);
  letGo();
  await first;
  await world.advance(100);
  await second;
  expect(diary).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('a turn whose sidecar died does not keep the others waiting for ever', async () => {
  const [store, world] = [memoryStore(), new FakeWorld()];
  void sharedTurns({ store, world })('order:1', () => new Promise(() => undefined));
  await world.quiet();
  const next = sharedTurns({ store, world });
  const refused = expect(next('order:1', async () => 'done')).rejects.toMatchObject({ error: 'busy' });
  await world.advance(10_000);
  await refused;
  await world.advance(10_000);
  expect(await next('order:1', async () => 'done')).toBe('done');
});

test('a recorded call that is played to another sidecar presses nothing', async () => {
  const store = memoryStore();
  let asked = 0;
  const make = async () => {
    const isFirst = (key: string) => store.lead(key, `asked ${(asked += 1)}`, NOON, 600_000);
    const sidecar = await startSidecar({ store, isFirst });
    open.push(sidecar);
    return sidecar;
  };
  const [north, south] = [await make(), await make()];
  const shop = await pairShop(north);
  const press = { body: { reason: 'stock-taking' }, id: 'press-1' };
  const path = `/connections/${shop.connectionId}/pause`;
  expect((await north.call(shop, 'POST', path, press)).status).toBe(200);
  expect((await south.call(shop, 'POST', path, press)).json.error).toBe('repeated');
  expect((await south.call(shop, 'GET', `/connections/${shop.connectionId}`, { id: 'press-1' })).status).toBe(200);
});
