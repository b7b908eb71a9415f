/** What `tallyman doctor` finds at a database that sidecars share. */
import type { Config } from '../config.js';
import { databaseClock, WORTH_A_WARNING_MS } from './database-clock.js';
import { databaseName, glanceAt, timeTalk, type Glance } from './database.js';
import { bad, good, type Finding } from './finding.js';
import { PRESENCE_KEY, presentIn, type Present } from './presence.js';
import { assertOpens, CANARY_KEY } from './same-key.js';
import { boxOf } from './service.js';
import { ownVersion } from './version.js';

export async function sharedDatabase(config: Config): Promise<Finding[]> {
  try {
    const clock = await databaseClock(() => timeTalk(config), Date.now);
    return await glanceAt(config, async (glance) => [
      answers(config, glance),
      clocks(clock.aheadMs()),
      ...sameKey(config, await glance.meta(CANARY_KEY)),
      ...company(presentIn(await glance.meta(PRESENCE_KEY), clock.now())),
    ]);
  } catch (error) {
    return [bad(error instanceof Error ? error.message : String(error))];
  }
}

function answers(config: Config, { version, schema }: Glance): Finding {
  const place = capital(databaseName(config));
  if (schema === 0) return good(`${place} answers (PostgreSQL ${version}). No sidecar has used it yet.`);
  return good(`${place} answers (PostgreSQL ${version}, schema ${schema}).`);
}

function clocks(aheadMs: number): Finding {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  return Math.abs(aheadMs) > WORTH_A_WARNING_MS
    ? bad(
        `This machine's clock and the database's are ${seconds} s apart. The database's is followed; set this one right.`,
      )
    : good(`This machine's clock and the database's agree (${seconds} s apart).`);
}

function sameKey(config: Config, canary: string | null): Finding[] {
  if (canary === null) return [];
  try {
    assertOpens(canary, boxOf(config));
    return [good('The key is the one the database was filled with.')];
  } catch (error) {
    return [bad(error instanceof Error ? error.message : String(error))];
  }
}

function company(present: readonly Present[]): Finding[] {
  if (present.length === 0) return [];
  const told = present.map(({ host, url, version }) => `${host} (${url}, ${version})`).join(', ');
  const working = good(`Seen on it within the last minute: ${told}.`);
  const isMixed = present.some(({ version }) => version !== ownVersion());
  return isMixed
    ? [working, bad(`They are of different versions; this one is ${ownVersion()}. Update all.`)]
    : [working];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
