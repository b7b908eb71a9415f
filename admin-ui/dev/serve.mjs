/**
 * Shows the built screen on WordPress's own scripts and styles, without WordPress, with made-up answers:
 *   npm run build -w admin-ui && npm run dev -w admin-ui
 * TALLYMAN_SCREEN_DIR names another folder with the built screen.
 * It needs an unpacked WordPress: TALLYMAN_WORDPRESS_DIR, else the newest one of the cache folder.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { SCENES, answerOf } from './scenes.ts';

const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};
const STYLES = ['common', 'forms', 'admin-menu', 'dashboard', 'list-tables', 'edit', 'nav-menus'];
const BUILD = process.env.TALLYMAN_SCREEN_DIR ?? join(import.meta.dirname, '../../plugin/build');

const wordpress = process.env.TALLYMAN_WORDPRESS_DIR ?? newestOfCache();
const port = Number(process.env.PORT ?? 8899);

createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
  if (url.pathname === '/wp-admin/admin.php')
    return send(response, 200, 'text/html', page(url.searchParams, request.headers.cookie));
  if (url.pathname === '/favicon.ico') return send(response, 204, 'image/png', '');
  if (url.pathname.startsWith('/wp-json/')) return answer(request, url, response);
  const file = url.pathname.startsWith('/build/')
    ? join(BUILD, url.pathname.slice(6))
    : join(wordpress, normalize(url.pathname));
  const type = TYPES[extname(file)];
  if (!type || !existsSync(file)) return send(response, 404, 'text/plain', 'Not here.');
  send(response, 200, type, readFileSync(file));
}).listen(port, '127.0.0.1', () => {
  for (const scene of SCENES) console.log(`http://127.0.0.1:${port}/wp-admin/admin.php?page=tallyman#${scene}`);
});

/** The scene is kept in a cookie, as the screen rewrites the address. */
function sceneOf(cookie = '') {
  return SCENES.find((scene) => cookie.includes(`scene=${scene}`)) ?? 'full';
}

async function answer(request, url, response) {
  const call = {
    method: request.headers['x-http-method-override'] ?? request.method,
    path: url.pathname.slice(8),
    query: url.searchParams,
    body: await bodyOf(request),
  };
  const { status, body } = answerOf(sceneOf(request.headers.cookie), call, Date.now());
  send(response, status, 'application/json', JSON.stringify(body));
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? null : JSON.parse(text);
}

function send(response, status, type, body) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body);
}

function page(query, cookie = '') {
  const scene = sceneOf(cookie);
  const rtl = cookie.includes('dir=rtl');
  const suffix = rtl ? '-rtl' : '';
  const styles = [
    ...STYLES.map((name) => `/wp-admin/css/${name}${suffix}.css`),
    `/wp-includes/css/dashicons.css`,
    `/wp-includes/css/buttons${suffix}.css`,
    `/wp-includes/css/dist/base-styles/admin-schemes${suffix}.css`,
    `/wp-includes/css/dist/components/style${suffix}.css`,
    `/build/index${suffix}.css`,
  ];
  const settings = {
    restUrl: '/wp-json/',
    nonce: '',
    canView: true,
    canManage: scene !== 'viewer',
    paired: scene !== 'unpaired',
    sidecarUrl: 'http://127.0.0.1:7890',
    storeCode: 'OAK',
    siteName: 'Oak & Co',
    suggestedStoreCode: 'OAK',
    isCopy: scene === 'copy',
    pluginVersion: '0.1.0',
    orderEditUrl: '/wp-admin/admin.php?page=wc-orders&action=edit&id=%d',
    locale: rtl ? 'he_IL' : 'en_US',
  };
  return `<!doctype html><html lang="en" ${rtl ? 'dir="rtl"' : ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tallyman</title><script>if(location.hash){document.cookie='scene='+location.hash.slice(1)+';path=/';history.replaceState(null,'',location.pathname+location.search);location.reload()}</script>
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
<style>:root{--wp-admin-theme-color:#2271b1;--wp-admin-theme-color-darker-10:#135e96;--wp-admin-border-width-focus:1.5px}#wpcontent{margin-inline-start:0}</style></head>
<body class="wp-admin wp-core-ui js ${rtl ? 'rtl' : ''}"><div id="wpwrap"><div id="wpcontent"><div id="wpbody"><div id="wpbody-content">
<div class="wrap"><h1 class="screen-reader-text">Tallyman</h1><hr class="wp-header-end"><div id="tallyman-root"></div></div></div></div></div></div>
<script>window.tallymanSettings=${JSON.stringify(settings)}</script>
${scripts()
  .map(
    (src) =>
      `<script src="${src}"></script>${src.endsWith('/api-fetch.js') ? '<script>wp.apiFetch.use(wp.apiFetch.createRootURLMiddleware("/wp-json/"))</script>' : ''}${rtl && src.endsWith('/i18n.js') ? '<script>wp.i18n.setLocaleData({"text direction\\u0004ltr":["rtl"]})</script>' : ''}`,
  )
  .join('\n')}
</body></html>`;
}

/** The scripts the screen asks for and what those ask for, each after what it needs. */
function scripts() {
  const packages = phpArray(join(wordpress, 'wp-includes/assets/script-loader-packages.php'));
  const vendor = { react: [], 'react-dom': ['react'], 'react-jsx-runtime': ['react'], moment: [], 'wp-polyfill': [] };
  const ordered = [];
  const add = (handle) => {
    if (ordered.includes(handle)) return;
    const asked = vendor[handle] ?? packages[`${handle.slice(3)}.js`]?.dependencies ?? [];
    asked.forEach(add);
    ordered.push(handle);
  };
  phpArray(join(BUILD, 'index.asset.php')).dependencies.forEach(add);
  const source = (handle) =>
    vendor[handle] ? `/wp-includes/js/dist/vendor/${handle}.js` : `/wp-includes/js/dist/${handle.slice(3)}.js`;
  return [...ordered.map(source), '/build/index.js'];
}

function phpArray(file) {
  return JSON.parse(execFileSync('php', ['-r', 'echo json_encode(require $argv[1]);', file], { encoding: 'utf8' }));
}

function newestOfCache() {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tallyman');
  const found = existsSync(cache)
    ? readdirSync(cache)
        .filter((name) => name.startsWith('wordpress-'))
        .sort()
    : [];
  if (found.length === 0) throw new Error('Set TALLYMAN_WORDPRESS_DIR to an unpacked WordPress.');
  return join(cache, found.at(-1));
}
