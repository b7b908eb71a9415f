/**
 * The real HTTP side on the real SQLite store, in a process of its own; and beside the webhooks' door one that only verifies,
 * on the same server, behind the same parser and hooks.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { WAREHOUSES } from '../../../src/cli/adapters.js';
import { createLogger } from '../../../src/cli/world.js';
import { createServer } from '../../../src/http/server.js';
import type { HttpWorld } from '../../../src/http/world.js';
import { sealedBox, sealingKey } from '../../../src/secrets/sealed-box.js';
import { vault as vaultOf } from '../../../src/secrets/vault.js';
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import type { Applied, Store, Unit } from '../../../src/stores/store.js';
import { answer, given } from './answering.ts';
import { world } from './engine.ts';
import { SECRET_KEY } from '../secrets.ts';
import { connectShop } from './shop.ts';

type Commits = 'shared' | 'one each';

/** As a service logs: every event, to a file. */
const logger = createLogger('info');
const { file } = given<{ file: string }>();
const opened = openSqliteStore({ file, now: () => world.now() });
await connectShop(opened, world.now(), 6);
let commits: Commits = 'shared';
let before: Promise<unknown> = Promise.resolve();

const store: Store = { ...opened, apply: (unit) => (commits === 'shared' ? opened.apply(unit) : alone(unit)) };
const vault = vaultOf(store, sealedBox(sealingKey(SECRET_KEY), [], randomBytes), () => world.now());
const server = createServer(httpWorld());
verifyingDoor(server);
await server.listen({ host: '127.0.0.1', port: 0 });

answer({
  address: async () => ({ port: (server.server.address() as AddressInfo).port }),
  async commits(how: Commits) {
    commits = how;
  },
  async stop() {
    server.server.closeAllConnections();
    await once(server.server.close(), 'close');
  },
});

/** A unit that waits until the one before is on the disk shares its commit with nobody. */
function alone(unit: Unit): Promise<Applied> {
  const mine = before.then(() => opened.apply(unit));
  before = mine;
  return mine;
}

/** What the doors for signed calls use of the world; nobody else calls. */
function httpWorld(): HttpWorld {
  const used: Partial<HttpWorld> = {
    version: 'bench',
    publicUrl: null,
    store,
    vault,
    logger,
    warehouses: WAREHOUSES,
    now: () => world.now(),
    newId: () => world.newId(),
    chance: randomBytes,
    nudge: () => undefined,
    noteActivity: () => undefined,
    notReady: () => [],
  };
  return used as HttpWorld;
}

function verifyingDoor(whole: FastifyInstance): void {
  void whole.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    scope.post<{ Params: { platform: string; connectionId: string } }>(
      '/verify/:platform/:connectionId',
      async (request, reply) => {
        const { platform: key, connectionId } = request.params;
        const platform = WAREHOUSES.find((one) => one.key === key);
        const connection = await store.connection(connectionId);
        if (platform === undefined || connection === null) return reply.code(404).send({ ok: false });
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
        );
        const { values } = await vault.read(connection.id);
        const isRight = platform.webhooks.verify(headers, request.body as Uint8Array, values['webhookSecret'] ?? '');
        return isRight ? { ok: true } : reply.code(401).send({ ok: false });
      },
    );
  });
}
