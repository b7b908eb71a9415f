import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forbidden } from '../dependency-rule.js';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));
const RELATIVE_IMPORT = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, path = '']) =>
    relative(SRC, join(SRC, dirname(file), path)).replace(/\.js$/, '.ts'),
  );
}

test('every import under sidecar/src keeps to the dependency rule', () => {
  const broken = sourceFiles().flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const reason = forbidden(file, imported);
      return reason === null ? [] : [`${file} imports ${imported}: ${reason}`];
    }),
  );
  expect(sourceFiles().length).toBeGreaterThan(0);
  expect(broken).toEqual([]);
});

test.each([
  ['domain/job.ts', 'stores/store.ts'],
  ['platforms/wms/client.ts', 'platforms/woocommerce/client.ts'],
  ['platforms/wms/client.ts', 'queue/enqueue.ts'],
  ['stores/sqlite/store.ts', 'stores/memory.ts'],
  ['stores/memory.ts', 'stores/sqlite/store.ts'],
  ['stores/memory/reads.ts', 'stores/memory.ts'],
  ['http/jobs.ts', 'platforms/wms/client.ts'],
  ['http/jobs.ts', 'config.ts'],
  ['queue/worker.ts', 'handlers/order-push.ts'],
  ['simulators/wms/server.ts', 'platforms/wms/client.ts'],
  ['cli/serve.ts', 'main.ts'],
])('%s may not import %s', (importer, imported) => {
  expect(forbidden(importer, imported)).not.toBeNull();
});

test.each([
  ['platforms/wms/client.ts', 'platforms/wms/translate.ts'],
  ['platforms/wms/client.ts', 'platforms/http.ts'],
  ['stores/sqlite/store.ts', 'stores/store.ts'],
  ['stores/memory.ts', 'stores/memory/reads.ts'],
  ['handlers/order-push.ts', 'queue/handler.ts'],
  ['main.ts', 'stores/sqlite/store.ts'],
])('%s may import %s', (importer, imported) => {
  expect(forbidden(importer, imported)).toBeNull();
});
