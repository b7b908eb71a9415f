/** Database files in a folder that goes with the test run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'tallyman-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

export function newFile(): string {
  files += 1;
  return join(folder, `store-${files}.db`);
}
