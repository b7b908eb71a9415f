/** The sidecar's HTTP side: signed doors for stores and warehouses, the management API, and two questions about health. */
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { alertRoutes } from './alerts.js';
import { articleRoutes } from './articles.js';
import { refuse, tokenIdentity } from './auth.js';
import { batchRoutes } from './batches.js';
import { callRoute, innerIdentities, type InnerIdentities } from './call.js';
import { capabilityRoutes } from './capabilities.js';
import { connectionRoutes } from './connections.js';
import { deliveryRoutes } from './deliveries.js';
import { answerErrors } from './errors.js';
import { failureRoutes } from './failures.js';
import { healthRoutes } from './health.js';
import { demand } from './identity.js';
import { turns, type InTurn } from './in-turn.js';
import { jobRoutes } from './jobs.js';
import { limiter, type Limiter } from './limit.js';
import { metricsRoute } from './metrics.js';
import { openApi, openApiRoutes } from './openapi.js';
import { orderRoutes } from './orders.js';
import { outboxRoute } from './outbox.js';
import { overviewRoutes } from './overview.js';
import { pairRoute } from './pair.js';
import { pairingCodeRoutes } from './pairing-codes.js';
import { scheduleRoutes } from './schedules.js';
import { tokenRoutes } from './tokens.js';
import { webhookRoute } from './webhook.js';
import type { HttpWorld } from './world.js';

export const BODY_LIMIT_BYTES = 1024 * 1024;
const UNSIGNED_A_MINUTE = 100;

export function createServer(world: HttpWorld): FastifyInstance {
  const server = Fastify({
    loggerInstance: world.logger,
    // Ours says less: no addresses with search words in them.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    genReqId: () => world.newId(),
    trustProxy: 'loopback',
    forceCloseConnections: 'idle',
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  answerErrors(server);
  openApi(server, world.version);
  logAnswers(server);
  healthRoutes(server, world);
  const refused = limiter(UNSIGNED_A_MINUTE, 60_000, () => world.now());
  metricsRoute(server, world, refused);
  const inner = innerIdentities(() => world.newId());
  const inTurn = world.inTurn ?? turns();
  signedRoutes(server, world, { refused, inner, inTurn });
  managementRoutes(server, world, { refused, inner, inTurn });
  return server;
}

/** What the doors have in common: who was refused, who is let in for another, and whose turn it is. */
interface Doors {
  refused: Limiter;
  inner: InnerIdentities;
  inTurn: InTurn;
}

/** Signatures are over the bytes as they came: nothing is parsed before they are checked. */
function signedRoutes(server: FastifyInstance, world: HttpWorld, { refused, inner, inTurn }: Doors): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    outboxRoute(scope, world, refused, inTurn);
    webhookRoute(scope, world, refused, inTurn);
    callRoute(scope, world, refused, inner);
  });
  void server.register(async (scope) => pairRoute(scope.withTypeProvider<ZodTypeProvider>(), world, inTurn));
}

function managementRoutes(server: FastifyInstance, world: HttpWorld, { refused, inner, inTurn }: Doors): void {
  const resources = [
    capabilityRoutes,
    overviewRoutes,
    alertRoutes,
    jobRoutes,
    batchRoutes,
    failureRoutes,
    deliveryRoutes(inTurn),
    connectionRoutes,
    orderRoutes,
    articleRoutes,
    scheduleRoutes,
    tokenRoutes,
    pairingCodeRoutes,
    openApiRoutes,
  ];
  void server.register(
    async (scope) => {
      scope.addHook('onRequest', async (request) => {
        const identity = inner.take(request) ?? (await tokenIdentity(world, request.headers.authorization));
        if (identity === null) throw refuse(refused, request.ip);
        request.identity = identity;
        demand(identity, request.routeOptions.config.role ?? 'viewer');
      });
      for (const routes of resources) routes(scope.withTypeProvider<ZodTypeProvider>(), world);
    },
    { prefix: '/api/v1' },
  );
}

function logAnswers(server: FastifyInstance): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    if (route === '/health' || route === '/ready' || route === '/metrics') return;
    const { method, id } = request;
    request.log.info({
      event: 'http.answered',
      id,
      method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
}
