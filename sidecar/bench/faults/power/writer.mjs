/**
 * Runs under disk-log.c: writes units through the sidecar's own store, many in one turn, and notes each in the file of marks
 * the moment it was acknowledged. Arguments: folder of the compiled sidecar, data folder, number of units, number of a first one.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , dist = '', folder = '', units = '0', first = '0'] = process.argv;
const { openSqliteStore } = await import(pathToFileURL(join(dist, 'stores/sqlite/store.js')).href);
const store = openSqliteStore({ file: join(folder, 'tallyman.sqlite'), now: Date.now });
const marks = openSync(join(folder, 'tallyman.sqlite.marks'), 'a');
const last = Number(first) + Number(units);

/** Turns of another size each time, so that commits of many and of few are cut. */
for (let next = Number(first); next < last;) {
  const turn = Math.min(last - next, 1 + ((next * 7919) % 23));
  await Promise.all(Array.from({ length: turn }, (_, index) => write(next + index)));
  next += turn;
}
closeSync(marks);
// Ends without closing the store: a close would write everything to the main file.
process.exit(0);

async function write(number) {
  const now = 1_700_000_000_000 + number;
  const key = `unit ${number}`;
  const about = { orgId: 'org', connectionId: 'north' };
  const body = Buffer.from(`${key} `.repeat(40 + (number % 60)));
  const delivery = { ...about, id: key, dedupeKey: key, topic: 'order.updated', state: 'processed', body, note: null };
  const job = {
    ...about,
    ...{ kind: 'order.push', subject: `order:${number}`, orderingKey: key, coalesceKey: key, priority: 1 },
    ...{ runAt: now, deadlineAt: null, payload: {}, traceId: key, origin: key },
  };
  const answer = await store.apply({
    now,
    guards: [{ guard: 'newDelivery', connectionId: 'north', dedupeKey: key }],
    writes: [
      { write: 'insertDelivery', delivery },
      { write: 'enqueue', job, onDead: 'revive' },
    ],
  });
  if (!answer.applied) throw new Error(`${key} was refused: ${JSON.stringify(answer.failed)}`);
  writeSync(marks, `${number}\n`);
}
