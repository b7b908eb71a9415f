/** Looks at everything that can be wrong with an installation and says it in sentences. */
import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig, SettingsFailure, type Config } from '../config.js';
import type { ConnectionRow, TestAnswer } from '../http/api.js';
import { keyFilePath } from '../secrets/key-file.js';
import { databaseFile, makeDataFolder } from './data-folder.js';
import { isShared } from './database.js';
import { callSidecar, CommandFailure, readAccess } from './local-access.js';
import { bad, good, type Finding } from './finding.js';
import { boxOf } from './service.js';
import { sharedDatabase } from './shared-findings.js';

/** Signatures are good for 5 minutes; half of it is where it begins to be dangerous. */
const CLOCK_TOLERANCE_MS = 150_000;
const PROBE_TIMEOUT_MS = 5_000;

/** @returns 0 when all is well, 1 when something is wrong. */
export async function doctor(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const findings = await examine(env);
  for (const { ok, sentence } of findings) process.stdout.write(`${ok ? 'ok   ' : 'wrong'}  ${sentence}\n`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(env);
    config = { ...config, dataDir: resolve(config.dataDir) };
  } catch (error) {
    if (error instanceof SettingsFailure) return error.sentences.map(bad);
    throw error;
  }
  const settings = [good('The settings can be read.'), ...config.warnings.map(bad)];
  const files = [folder(config), key(config)];
  if (files.some(({ ok }) => !ok)) return [...settings, ...files];
  const running = await isRunning(config);
  return [
    ...settings,
    ...files,
    running,
    ...(await database(config, running)),
    ...(running.ok ? await connections(config) : []),
  ];
}

function folder({ dataDir }: Config): Finding {
  try {
    makeDataFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK);
    return good(`The data folder ${dataDir} can be read and written.`);
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

function key(config: Config): Finding {
  try {
    boxOf(config);
    return good(
      config.secretKey === null
        ? `The key is in ${keyFilePath(config.dataDir)}.`
        : 'The key is in TALLYMAN_SECRET_KEY.',
    );
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

async function isRunning({ dataDir }: Config): Promise<Finding> {
  const access = readAccess(dataDir);
  if (access === null) return bad('The sidecar is not running. Start it with "tallyman serve".');
  try {
    const answer = await fetch(`${access.url}/ready`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const { reasons } = (await answer.json()) as { reasons: string[] };
    return answer.ok ? good(`The sidecar runs on ${access.url}.`) : bad(`The sidecar runs, but: ${reasons.join(' ')}`);
  } catch {
    return bad(`The sidecar does not answer on ${access.url}.`);
  }
}

async function database(config: Config, running: Finding): Promise<Finding[]> {
  return isShared(config) ? sharedDatabase(config) : [await ownDatabase(config, running)];
}

/** A running sidecar owns the database, and /ready has asked it; otherwise it is opened here. */
async function ownDatabase({ dataDir }: Config, running: Finding): Promise<Finding> {
  const file = databaseFile(dataDir);
  if (running.ok) return good(`The database ${file} answers; it has ${megabytes(file)} MB.`);
  try {
    const { openSqliteStore } = await import('../stores/sqlite/store.js');
    const store = openSqliteStore({ file, now: () => Date.now() });
    const { journalMode, synchronous, schema } = store.durability();
    await store.close();
    return good(`The database ${file} opens (schema ${schema}, ${journalMode}, synchronous ${synchronous}).`);
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

const megabytes = (file: string): string => (statSync(file).size / 1_000_000).toFixed(1);

async function connections({ dataDir }: Config): Promise<Finding[]> {
  try {
    const { rows } = await callSidecar<{ rows: ConnectionRow[] }>(dataDir, { method: 'GET', path: '/connections' });
    if (rows.length === 0) return [good('No shop is paired yet. Run "tallyman pair".')];
    const findings: Finding[] = [];
    for (const row of rows) findings.push(await connection(dataDir, row), ...(await clock(row)));
    return findings;
  } catch (error) {
    if (error instanceof CommandFailure) return [bad(error.message)];
    throw error;
  }
}

async function connection(dataDir: string, row: ConnectionRow): Promise<Finding> {
  const { ok, sentence } = await callSidecar<TestAnswer>(dataDir, {
    method: 'POST',
    path: `/connections/${encodeURIComponent(row.id)}/test`,
    body: {},
  });
  const paused = row.state === 'paused' ? ` It is paused: ${row.sentence}` : '';
  return { ok: ok && row.state === 'active', sentence: `${row.name}: ${sentence}${paused}` };
}

/** The two clocks sign for each other: too far apart, every call is refused as stale. */
async function clock({ name, settings }: ConnectionRow): Promise<Finding[]> {
  const { url } = settings;
  if (typeof url !== 'string') return [];
  const answer = await fetch(url, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
  }).catch(() => null);
  const theirs = Date.parse(answer?.headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return [];
  const apartMs = Math.abs(Date.now() - theirs);
  const seconds = Math.round(apartMs / 1000);
  return [
    apartMs > CLOCK_TOLERANCE_MS
      ? bad(`${name}: its clock and this machine's are ${seconds} s apart. Set the wrong one right.`)
      : good(`${name}: the clocks agree (${seconds} s apart).`),
  ];
}
