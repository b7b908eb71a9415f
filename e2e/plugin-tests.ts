import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startStack } from './stack/stack.ts';

// The plugin's PHPUnit tests inside a real WordPress. Arguments go to PHPUnit; TALLYMAN_HPOS=off keeps orders as posts.
// What needs WooCommerce itself (its checkouts, drafts, refunds, scheduler) is left out on the stand-in.

const PLUGIN = fileURLToPath(new URL('../plugin', import.meta.url));

const hpos = process.env['TALLYMAN_HPOS'] === 'off' ? 'off' : 'on';
const stack = await startStack({ hpos, tallyman: 'linked', wpCron: 'off', say: (line) => console.log(line) });
try {
  const leftOut = stack.store.kind === 'real' ? [] : ['--exclude-group', 'woocommerce'];
  process.exitCode = await phpunit([...leftOut, ...process.argv.slice(2)]);
} finally {
  await stack.stop();
}

function phpunit(args: readonly string[]): Promise<number> {
  const child = spawn('php', ['-d', 'memory_limit=1G', 'vendor/bin/phpunit', ...args], {
    cwd: PLUGIN,
    stdio: 'inherit',
    env: { ...process.env, TALLYMAN_WP_DIR: stack.wpDir, TALLYMAN_SHOP_URL: stack.url },
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
