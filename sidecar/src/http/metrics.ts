/**
 * /metrics for Prometheus: what this process counted (instruments.ts) and how the queue stands, read from the store at most every
 * ten seconds. A token sees its own organisation; connections are labelled by id and platform, people and orders not at all.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import { refuse, tokenIdentity } from './auth.js';
import { notFound } from './errors.js';
import type { Instruments } from './instruments.js';
import type { Limiter } from './limit.js';
import { queueFigures, type Figure } from './queue-figures.js';
import type { HttpWorld } from './world.js';

export interface MetricsDoor {
  /** 'open': whoever reaches the port. 'token': the bearer of any token. */
  access: 'token' | 'open' | 'off';
  instruments: Instruments;
}

const KEPT_MS = 10_000;
/** At most a fiftieth of the time goes into looking. */
const REST_AFTER_LOOKING = 50;

export function metricsRoute(server: FastifyInstance, world: HttpWorld, refused: Limiter): void {
  const door = world.metrics;
  if (door === undefined || door.access === 'off') {
    server.get('/metrics', async () => {
      throw notFound('page');
    });
    return;
  }
  const { answered } = door.instruments;
  server.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    answered(method, routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
  });
  const figures = keptFor(KEPT_MS, world, (orgId) => queueFigures(world, orgId));
  server.get('/metrics', async (request, reply) => {
    const orgId = door.access === 'open' ? null : await orgOf(world, refused, request);
    const queue = asRegistry(await figures(orgId));
    const both = Registry.merge([door.instruments.registry, queue]);
    return reply.type(both.contentType).send(await both.metrics());
  });
}

async function orgOf(
  world: HttpWorld,
  refused: Limiter,
  { headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>,
): Promise<string> {
  const identity = await tokenIdentity(world, headers.authorization);
  if (identity === null) throw refuse(refused, ip);
  return identity.orgId;
}

/** Several that scrape at one time cost one look, and a queue so deep that looking takes long is looked at less often. */
function keptFor(
  leastMs: number,
  { now }: Pick<HttpWorld, 'now'>,
  look: (orgId: string | null) => Promise<Figure[]>,
): (orgId: string | null) => Promise<Figure[]> {
  const kept = new Map<string | null, { until: number; figures: Promise<Figure[]> }>();
  return (orgId) => {
    const startedAt = now();
    const held = kept.get(orgId);
    if (held !== undefined && startedAt < held.until) return held.figures;
    const entry = { until: Number.POSITIVE_INFINITY, figures: look(orgId) };
    kept.set(orgId, entry);
    entry.figures.then(
      () => (entry.until = startedAt + Math.max(leastMs, (now() - startedAt) * REST_AFTER_LOOKING)),
      () => kept.delete(orgId),
    );
    return entry.figures;
  };
}

function asRegistry(figures: Figure[]): Registry {
  const registry = new Registry();
  for (const { name, help, rows, together } of figures) {
    const labelNames = Object.keys(rows[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of putTogether(rows, together)) gauge.set(labels, value);
  }
  return registry;
}

/** Rows with equal labels become one. */
function putTogether(rows: Figure['rows'], together: Figure['together']): Figure['rows'] {
  const byLabels = new Map<string, Figure['rows'][number]>();
  for (const row of rows) {
    const key = JSON.stringify(row.labels);
    const held = byLabels.get(key)?.value ?? 0;
    byLabels.set(key, { ...row, value: together === 'most' ? Math.max(held, row.value) : held + row.value });
  }
  return [...byLabels.values()];
}
