import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { schemasFile } from '../../api-schemas.js';
import { describeApi } from '../../src/cli/openapi.js';
import { ANSWERS, type OpenApiDocument } from '../../src/http/openapi.js';
import { aNewJob } from '../build.js';
import { connectWarehouse, NOON, pairShop, startSidecar, type TestSidecar } from './sidecar.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

let sidecar: TestSidecar | null = null;
afterEach(async () => {
  await sidecar?.stop();
  sidecar = null;
});

test('docs/openapi.json is what the routes say; npm run openapi writes it', async () => {
  expect(read('../docs/openapi.json')).toBe(await describeApi());
});

test('the schemas of the answers are those of the types', () => {
  expect(read('src/http/api-schemas.ts')).toBe(schemasFile());
});

test('every route says what it answers, and nothing is said of routes that are gone', async () => {
  const { paths } = JSON.parse(await describeApi()) as OpenApiDocument;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice('/api/v1'.length)}`),
  );
  expect(routes.sort()).toEqual(Object.keys(ANSWERS).sort());
});

test('what is answered is what was said, to the field', async () => {
  sidecar = await startSidecar();
  const shop = await pairShop(sidecar);
  const { connection } = await connectWarehouse(sidecar, shop);
  const job = aNewJob({ orgId: 'default', connectionId: connection.id, runAt: NOON, deadlineAt: NOON + 1 });
  const about = { orgId: 'default', connectionId: connection.id, kind: 'breaker_open', key: 'breaker_open:x' } as const;
  await sidecar.store.apply({
    now: NOON,
    guards: [],
    writes: [
      { write: 'enqueue', job, onDead: 'leave' },
      { write: 'openAlert', alert: { id: 'a', ...about, sentence: 'Down.', openedAt: NOON, clearedAt: null } },
    ],
  });
  const { json: document } = await sidecar.api('GET', '/openapi.json', null, 'viewer');
  const asked = { '{id}': connection.id, '{orderId}': '4711' } as const;
  const jobId = (await sidecar.api('GET', '/jobs')).json.rows[0].id as number;
  const wrong: string[] = [];
  for (const [route, { answers }] of Object.entries(ANSWERS)) {
    const path = route.replace('GET ', '').replace('/jobs/{id}', `/jobs/${jobId}`);
    if (!route.startsWith('GET ') || answers === null || /deliveries\/\{|batches\/\{|remote-check/.test(path)) continue;
    const { status, json } = await sidecar.api(
      'GET',
      path.replace(/\{\w+\}/, (name) => asked[name as keyof typeof asked]),
    );
    const told = schemaOf(document as OpenApiDocument, route.slice('GET '.length)).safeParse(json);
    if (status !== 200 || !told.success)
      wrong.push(`${route}: ${status} ${told.success ? '' : z.prettifyError(told.error)}`);
  }
  expect(wrong).toEqual([]);
});

test('the document is for those with a token', async () => {
  sidecar = await startSidecar();
  expect((await sidecar.ask('GET', '/api/v1/openapi.json', null)).status).toBe(401);
});

/** Strict: a field the types do not know is a mistake of one of the two. */
function schemaOf({ paths, components }: OpenApiDocument, path: string): z.ZodType {
  const responses = paths[`/api/v1${path}`]?.['get']?.responses as Record<
    string,
    { content: Record<string, { schema: object }> }
  >;
  const schema = { ...responses['200']?.content['application/json']?.schema, $defs: components.schemas };
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/');
  return z.fromJSONSchema(closed(JSON.parse(text) as object) as Parameters<typeof z.fromJSONSchema>[0]);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in schema && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
}
