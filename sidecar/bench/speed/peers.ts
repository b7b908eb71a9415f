/** The other queues live in the bench's own folder, at the versions of its own lock: the product never sees them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = dirname(fileURLToPath(new URL('../package.json', import.meta.url)));
const MANIFESTS = ['package.json', 'package-lock.json'] as const;

/** Installs them when they are missing or others than the manifest says. */
export function ensurePeers(): void {
  const stamp = join(FOLDER, 'node_modules', '.installed');
  const wanted = (): string => MANIFESTS.map((file) => readFileSync(join(FOLDER, file), 'utf8')).join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted()) return;
  console.error('Installing the queues we compare with into sidecar/bench/node_modules.');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('npm could not install the queues we compare with.');
  writeFileSync(stamp, wanted());
}

/** "bullmq 6.7.0, ..." as installed. */
export function peerVersions(): string {
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const version = (name: string): string =>
    (JSON.parse(readFileSync(join(FOLDER, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
      .version;
  return Object.keys(dependencies)
    .map((name) => `${name} ${version(name)}`)
    .join(', ');
}
