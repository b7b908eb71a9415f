import { createAdapters } from '../../src/cli/adapters.js';
import type { RateWord } from '../../src/domain/learned-rate.js';
import type { HttpClient } from '../../src/platforms/http.js';
import { sealedBox, sealingKey } from '../../src/secrets/sealed-box.js';
import { vault } from '../../src/secrets/vault.js';
import { randomChance } from '../../src/cli/world.js';
import { memoryStore } from '../../src/stores/memory.js';
import { aConnection, WAREHOUSE } from '../build.js';
import { FakeWorld } from '../fake-world.js';

test('what the headers of any answer say about the limit is heard, whatever the answer is', async () => {
  const world = new FakeWorld();
  const heard: [string, RateWord][] = [];
  const client: HttpClient = {
    http: async () => ({
      status: 500,
      headers: { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '20' },
      body: new Uint8Array(),
    }),
    close: async () => undefined,
  };
  const secrets = vault(memoryStore(), sealedBox(sealingKey('11'.repeat(32)), [], randomChance), () => world.now());
  const opened = {
    ...secrets,
    port: () => ({ read: async () => ({ values: LOGIN, version: 1 }), replace: async () => true }),
  };
  const governor = { hear: async (id: string, word: RateWord) => void heard.push([id, word]) };
  const settings = { baseUrl: 'https://wms.example/', wmsCode: 'NORTH', customerCode: 'OAK' };
  const port = createAdapters(client, opened, world, governor).warehouse(aConnection({ settings }));
  const call = { signal: new AbortController().signal, mayStillSend: async () => true, traceId: 't' };
  await expect(port.readOrder('1', call)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(heard).toEqual([[WAREHOUSE, { limit: 100, remaining: 3, resetInMs: 20_000 }]]);
});

const LOGIN = { username: 'api', password: 'a-password' };
