import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Service, startService } from './processes.ts';
import type { WebOrder } from './web.ts';

const isRoot = process.getuid?.() === 0;

/** As on most hosts: nginx in front of PHP-FPM, which knows `fastcgi_finish_request`. */
export async function startNginx({ runDir, folders, port }: WebOrder): Promise<readonly Service[]> {
  const socket = join(runDir, 'php-fpm.sock');
  const logs = join(runDir, 'logs');
  mkdirSync(join(runDir, 'nginx'), { recursive: true });
  writeFileSync(join(runDir, 'php-fpm.conf'), fpmConfig(socket, logs));
  writeFileSync(join(runDir, 'nginx.conf'), nginxConfig({ runDir, socket, root: folders.wpDir, port }));

  const fpm = startService({
    name: 'PHP-FPM',
    command: await fpmProgram(),
    args: [
      '--nodaemonize',
      ...(isRoot ? ['--allow-to-run-as-root'] : []),
      '--fpm-config',
      join(runDir, 'php-fpm.conf'),
    ],
    logFile: join(logs, 'php-fpm.log'),
  });
  const nginx = startService({
    name: 'nginx',
    command: 'nginx',
    args: ['-p', join(runDir, 'nginx'), '-c', join(runDir, 'nginx.conf')],
    logFile: join(logs, 'nginx.log'),
  });
  return [fpm, nginx];
}

/** Debian names the program after its version, which is that of the command line's PHP. */
async function fpmProgram(): Promise<string> {
  const { stdout } = await run('php', ['-r', 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;']);
  return `php-fpm${stdout}`;
}

const fpmConfig = (socket: string, logs: string): string => `
[global]
error_log = ${join(logs, 'php-fpm.log')}
daemonize = no

[shop]
${isRoot ? 'user = root\ngroup = root' : ''}
listen = ${socket}
pm = static
pm.max_children = 6
php_admin_value[memory_limit] = 512M
php_admin_value[display_errors] = 0
php_admin_value[opcache.enable] = 1
`;

type Site = { readonly runDir: string; readonly socket: string; readonly root: string; readonly port: number };

const nginxConfig = ({ runDir, socket, root, port }: Site): string => `
daemon off;
pid ${join(runDir, 'nginx', 'nginx.pid')};
error_log ${join(runDir, 'logs', 'nginx.log')};
${isRoot ? 'user root;' : ''}
worker_processes 1;
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  access_log off;
  client_max_body_size 32m;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(runDir, 'nginx', kind)};`)
    .join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    root ${root};
    index index.php;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      try_files $uri =404;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      # Debian's fastcgi_params leave the port out; WordPress would redirect for ever.
      fastcgi_param HTTP_HOST 127.0.0.1:${port};
      fastcgi_read_timeout 120s;
      fastcgi_pass unix:${socket};
    }
  }
}
`;
