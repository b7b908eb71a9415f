/** F3: power loss. What was not flushed is dropped or torn, and the real store opens what is left. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import SqliteDatabase from 'better-sqlite3';
import { seededChance, type Chance } from '../../../src/simulators/wms/chance.js';
import type { Store } from '../../../src/stores/store.js';
import { note } from '../books.js';
import { databaseFile, openSqlite } from '../engines.js';
import { shim } from '../power/shim.js';
import { cutPower, readLog, type DiskRecord } from '../power/replay.js';
import { changedSidecar } from '../sidecar-copy.js';
import { DIST } from '../sidecar-process.js';
import { cleanVerdict, type FaultRun, type Verdict } from '../verdict.js';

const TRIALS = { ci: 40, long: 2_000 } as const;
/** Of each recording: enough for the log of the database to be written back into it more than once. */
const UNITS = 700;
const SEED = 3;
const WRITER = fileURLToPath(new URL('../power/writer.mjs', import.meta.url));

export const POWER_RUNS: readonly FaultRun[] = [
  {
    id: 'F3',
    title: 'power loss: what was not flushed is dropped or torn',
    expect: 'clean',
    run: ({ size }) => powerLoss(DIST, TRIALS[size]),
  },
  {
    id: 'F3-normal',
    title: 'the same with synchronous=NORMAL',
    expect: 'caught',
    caughtBy: ['lost'],
    run: ({ size }) => powerLoss(flushing('NORMAL'), TRIALS[size]),
  },
  {
    id: 'F3-off',
    title: 'the same with synchronous=OFF',
    expect: 'caught',
    caughtBy: ['lost'],
    run: ({ size }) => powerLoss(flushing('OFF'), TRIALS[size]),
  },
];

function flushing(mode: 'NORMAL' | 'OFF'): string {
  return changedSidecar([
    { file: 'stores/sqlite/database.js', find: 'synchronous = FULL', put: `synchronous = ${mode}` },
  ]);
}

async function powerLoss(dist: string, trials: number): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-faults-power-'));
  try {
    const records = record(dist, folder);
    const chance = seededChance(SEED);
    const verdict = cleanVerdict(trials);
    let losing = 0;
    for (let trial = 1; trial <= trials; trial += 1) {
      const before = verdict.lost + verdict.broken;
      await cutOnce(records, chance, join(folder, `trial-${trial}`), verdict);
      if (verdict.lost + verdict.broken > before) losing += 1;
    }
    return { ...verdict, figures: { ...verdict.figures, trialsWithLoss: losing, diskRecords: records.length } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two lives of one database: made new, and opened again with work in its log. */
function record(dist: string, folder: string): DiskRecord[] {
  const library = shim('disk-log', folder);
  const data = join(folder, 'recorded');
  mkdirSync(data);
  const records = [0, 1].flatMap((life) => {
    const log = join(folder, `disk-${life}.log`);
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      LD_PRELOAD: library,
      POWER_LOG: log,
      POWER_FILES: 'tallyman.sqlite',
    };
    execFileSync(process.execPath, [WRITER, dist, data, String(UNITS), String(life * UNITS)], { env });
    return readLog(readFileSync(log), life);
  });
  const marks = acknowledgedIn(records).length;
  if (marks !== 2 * UNITS) throw new Error(`The log of the disk knows ${marks} of ${2 * UNITS} units.`);
  return records;
}

async function cutOnce(
  records: readonly DiskRecord[],
  chance: Chance,
  folder: string,
  verdict: Verdict,
): Promise<void> {
  const upTo = 1 + Math.floor(chance.draw() * records.length);
  const { files, droppedBytes } = cutPower(records, upTo, chance);
  count(verdict, 'droppedBytes', droppedBytes);
  mkdirSync(folder);
  for (const [path, bytes] of files) {
    if (!/\.(marks|lock)$/.test(path)) writeFileSync(join(folder, basename(path)), bytes);
  }
  const acknowledged = acknowledgedIn(records.slice(0, upTo));
  count(verdict, 'acknowledged', acknowledged.length);
  try {
    await lookForUnits(folder, acknowledged, verdict);
  } catch (error) {
    note(verdict, 'broken', `After record ${upTo} the store does not open: ${String(error)}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Each writes its number the moment its unit was acknowledged. */
function acknowledgedIn(records: readonly DiskRecord[]): number[] {
  const marks = new Set(
    records.flatMap((one) => (one.kind === 'open' && one.path.endsWith('.marks') ? [one.file] : [])),
  );
  return records.flatMap((one) => (one.kind === 'write' && marks.has(one.file) ? [Number(one.bytes.toString())] : []));
}

async function lookForUnits(folder: string, acknowledged: readonly number[], verdict: Verdict): Promise<void> {
  const store = await openSqlite(folder);
  try {
    for (const number of acknowledged) await lookForUnit(store, number, verdict);
  } finally {
    await store.close();
  }
  const db = new SqliteDatabase(databaseFile(folder), { readonly: true });
  const sound = db.pragma('integrity_check', { simple: true });
  db.close();
  if (sound !== 'ok') note(verdict, 'broken', `The database is damaged: ${String(sound)}`);
}

async function lookForUnit(store: Store, number: number, verdict: Verdict): Promise<void> {
  const delivery = await store.deliveryByKey('north', `unit ${number}`);
  if (delivery === null) note(verdict, 'lost', `Unit ${number} was acknowledged and is gone.`);
}

function count(verdict: Verdict, figure: string, by: number): void {
  verdict.figures[figure] = (verdict.figures[figure] ?? 0) + by;
}
