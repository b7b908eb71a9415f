import { join } from 'node:path';
import { startNginx } from './nginx.ts';
import { freePort, isInstalled, type Service, startService, waitUntilReady } from './processes.ts';
import { PHP_DIR, type ShopFolders } from './wordpress.ts';

export type WebServer = 'php' | 'nginx';

/** What most hosts run, where it is installed; PHP's own server needs nothing but PHP. */
export const bestServer = (): WebServer =>
  ['nginx', 'php-fpm'].every((program) => isInstalled((file) => file.startsWith(program))) ? 'nginx' : 'php';

export type Web = { readonly url: string; readonly services: readonly Service[] };

export type WebOrder = {
  readonly server: WebServer;
  readonly runDir: string;
  readonly folders: ShopFolders;
  readonly port: number;
};

export const portFor = async (wanted: number | 'free'): Promise<number> => (wanted === 'free' ? freePort() : wanted);

const START = { php: startPhpServer, nginx: startNginx } as const satisfies Record<
  WebServer,
  (order: WebOrder) => Promise<readonly Service[]>
>;

export async function startWeb(order: WebOrder): Promise<Web> {
  const services = await START[order.server](order);
  const url = `http://127.0.0.1:${order.port}`;
  const front = services.at(-1);
  if (front === undefined) throw new Error('No web server was started.');
  await waitUntilReady({ service: front, timeoutMs: 60_000, isReady: () => answersRest(url) });
  return { url, services };
}

const answersRest = async (url: string): Promise<boolean> => (await fetch(`${url}/wp-json/wc/v3`)).ok;

async function startPhpServer({ runDir, folders, port }: WebOrder): Promise<readonly Service[]> {
  const service = startService({
    name: 'PHP web server',
    command: 'php',
    args: [
      ...['-d', 'opcache.enable_cli=1', '-d', 'memory_limit=512M', '-d', 'display_errors=0'],
      ...['-S', `127.0.0.1:${port}`, '-t', folders.wpDir, join(PHP_DIR, 'router.php')],
    ],
    env: { PHP_CLI_SERVER_WORKERS: '4' },
    logFile: join(runDir, 'logs', 'web.log'),
    // On any other signal the parent leaves its workers behind.
    endsOn: 'SIGINT',
  });
  return [service];
}
