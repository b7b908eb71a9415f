/** `npm run openapi`: writes src/http/api-schemas.ts from the types, and docs/openapi.json from the routes. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { schemasFile } from './api-schemas.ts';

const inSidecar = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

writeFileSync(inSidecar('src/http/api-schemas.ts'), schemasFile());
// Only now: it reads the schemas that were written.
const { describeApi } = await import('./src/cli/openapi.js');
writeFileSync(inSidecar('../docs/openapi.json'), await describeApi());
console.log('Wrote sidecar/src/http/api-schemas.ts and docs/openapi.json.');
