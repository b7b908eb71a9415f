import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../stack/processes.ts';
import type { Stack } from '../stack/stack.ts';
import { foldersOf } from '../stack/wordpress.ts';
import { portFor, startWeb } from '../stack/web.ts';
import { runPhp } from '../stack/php.ts';
import { queryRows, type Row } from '../stack/mariadb.ts';

export type CopyOfShop = Pick<Stack, 'url' | 'admin' | 'catalogue' | 'store'> & {
  sql(statement: string): Promise<readonly Row[]>;
  php<T>(code: string, args?: object): Promise<T>;
  stop(): Promise<void>;
};

const COPY = 'copy_of_wordpress';

/** What a staging plugin makes: the shop's files and database once more, under another address. */
export async function copyShop(stack: Stack): Promise<CopyOfShop> {
  const runDir = `${stack.runDir}/copy`;
  const folders = foldersOf(runDir);
  await run('mkdir', ['-p', join(runDir, 'logs')]);
  await run('cp', ['-a', stack.wpDir, folders.wpDir]);
  await copyDatabase(stack);
  pointToCopy(join(folders.wpDir, 'wp-config.php'));
  const port = await portFor('free');
  const url = `http://127.0.0.1:${port}`;
  const database = { ...stack.database, name: COPY as 'wordpress' };
  await queryRows(database, `UPDATE wp_options SET option_value = '${url}' WHERE option_name IN ('siteurl', 'home')`);
  const { services } = await startWeb({ server: 'php', runDir, folders, port });
  return {
    ...{ url, admin: stack.admin, catalogue: stack.catalogue, store: stack.store },
    sql: (statement) => queryRows(database, statement),
    php: (code, args) => runPhp(folders, code, args),
    async stop() {
      await Promise.all(services.map((service) => service.stop('gently')));
      rmSync(runDir, { recursive: true, force: true });
    },
  };
}

async function copyDatabase({ database: { socket, name } }: Stack): Promise<void> {
  const login = `--no-defaults --user=root --socket='${socket}'`;
  await run('sh', ['-c', `mariadb ${login} --execute='CREATE DATABASE ${COPY}'`]);
  await run('sh', ['-c', `mariadb-dump ${login} --single-transaction ${name} | mariadb ${login} ${COPY}`]);
}

function pointToCopy(config: string): void {
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace("define( 'DB_NAME', 'wordpress' )", `define( 'DB_NAME', '${COPY}' )`));
}
