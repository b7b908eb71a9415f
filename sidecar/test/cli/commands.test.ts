/** The commands against a sidecar that really runs: SQLite in a folder of its own, a free port. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import Database from 'better-sqlite3';
import { readConfig } from '../../src/config.js';
import { startService, type Service } from '../../src/cli/service.js';
import { tallyman } from '../../src/cli/tallyman.js';
import { aPair } from '../http/sidecar.js';

let folder: string;
let dataDir: string;
let service: Service | null;
const before = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallyman-cli-'));
  dataDir = join(folder, 'data');
  Object.assign(process.env, { TALLYMAN_DATA_DIR: dataDir, TALLYMAN_PORT: '0', TALLYMAN_LOG_LEVEL: 'silent' });
  service = null;
});
afterEach(async () => {
  await service?.stop();
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

const start = async () => {
  service = await startService(readConfig(process.env));
  return service;
};

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said.out += String(text))));
  const err = jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((said.err += String(text))));
  try {
    return { code: await tallyman(args), ...said };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

test('a first start without settings works and says what to do next', async () => {
  const { url, nextStep } = await start();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(nextStep).toContain('tallyman pair');
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(dataDir)) expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
});

test('pair prints a code the sidecar takes, and what to do with it', async () => {
  const { url } = await start();
  const { code, out } = await run('pair');
  expect(code).toBe(0);
  expect(out).toContain(url);
  const made = JSON.parse((await run('pair', '--json')).out) as { code: string; address: string };
  expect(made.address).toBe(url);
  const answer = await fetch(`${url}/v1/pair`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(aPair(made.code)),
  });
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { connectionId: string }).connectionId).toMatch(/^[0-9a-f-]{36}$/);
});

test('commands say so when no sidecar runs', async () => {
  for (const args of [['pair'], ['jobs', 'list'], ['token', 'create', '--name', 'x']]) {
    const { code, err } = await run(...args);
    expect(code).toBe(1);
    expect(err).toContain('No sidecar is running');
  }
});

test('a wrong setting stops every command with the sentence', async () => {
  process.env['TALLYMAN_PORT'] = 'seventy';
  const { code, err } = await run('serve');
  expect({ code, err }).toEqual({ code: 1, err: 'TALLYMAN_PORT has to be a number from 0 to 65535.\n' });
});

test('a second sidecar on the same folder is refused with a sentence', async () => {
  await start();
  const { code, err } = await run('serve');
  expect(code).toBe(1);
  expect(err).toContain('in use by another Tallyman');
  expect(err).not.toMatch(/^\s+at /m);
});

test('a port in use is named', async () => {
  const { url } = await start();
  Object.assign(process.env, { TALLYMAN_DATA_DIR: join(folder, 'other'), TALLYMAN_PORT: new URL(url).port });
  const { code, err } = await run('serve');
  expect(code).toBe(1);
  expect(err).toMatch(/TALLYMAN_PORT: port \d+ is in use/);
});

test('token create shows a token that works', async () => {
  const { url } = await start();
  const { token } = JSON.parse((await run('token', 'create', '--name', 'board', '--role', 'viewer', '--json')).out) as {
    token: string;
  };
  const answer = await fetch(`${url}/api/v1/capabilities`, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toMatchObject({ role: 'viewer' });
});

test('jobs list shows the queue, and a button on a job that is not there is refused', async () => {
  await start();
  expect((await run('jobs', 'list')).out).toBe('No jobs.\n');
  const { code, err } = await run('jobs', 'retry', '4711');
  expect({ code, err }).toEqual({ code: 1, err: '4711: There is no such job.\n' });
  expect((await run('jobs', 'force-done', '4711')).code).not.toBe(0);
});

test('backup copies the database while it is in use, without the key', async () => {
  await start();
  const copy = join(folder, 'copy.sqlite');
  const { code, out } = await run('backup', copy);
  expect(code).toBe(0);
  expect(out).toContain('secret.key');
  expect(statSync(copy).mode & 0o077).toBe(0);
  const db = new Database(copy, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE type = 'table'").pluck().get()).toBeGreaterThan(5);
  db.close();
  expect((await run('backup', copy)).err).toContain('not overwritten');
});

test('doctor finds a healthy installation healthy and says what is wrong with another', async () => {
  expect(await run('doctor')).toMatchObject({ code: 1, out: expect.stringContaining('The sidecar is not running') });
  await start();
  const { code, out } = await run('doctor');
  expect(out).not.toContain('wrong');
  expect(code).toBe(0);
});

test('after a graceful stop the folder is free again and no access is left behind', async () => {
  await start();
  await service?.stop();
  service = null;
  expect(existsSync(join(dataDir, 'local-access.json'))).toBe(false);
  await start();
  expect((await run('pair', '--json')).code).toBe(0);
});

test('help names every command and opens nothing', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  for (const name of ['serve', 'pair', 'doctor', 'simulate', 'jobs', 'token', 'backup', 'settings'])
    expect(out).toContain(name);
  expect(existsSync(dataDir)).toBe(false);
});
