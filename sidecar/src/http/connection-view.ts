/** A connection as the screen shows it: one sentence on how it is, its plain settings, and what may be pressed. */
import type { Connection } from '../domain/connection.js';
import type { PlatformForm, ConnectionRow } from './api.js';
import { mayAct, type Identity } from './identity.js';
import type { HttpWorld } from './world.js';

export async function connectionRows(
  world: HttpWorld,
  identity: Identity,
  connections: readonly Connection[],
): Promise<ConnectionRow[]> {
  return Promise.all(connections.map((one) => connectionRow(world, identity, one)));
}

export async function connectionRow(
  world: HttpWorld,
  identity: Identity,
  connection: Connection,
): Promise<ConnectionRow> {
  const { id, platform, name, state, breaker, lastSuccessAt, lastFailure, settings } = connection;
  const counts = await world.store.countByState({ connectionIds: [id] });
  return {
    id,
    platform,
    name,
    state,
    sentence: sentence(connection),
    breaker: breaker.state,
    nextProbeAt: breaker.state === 'open' ? iso(breaker.probeAt) : null,
    lastSuccessAt: iso(lastSuccessAt),
    lastFailure: lastFailure === null ? null : { at: iso(lastFailure.at) ?? '', summary: lastFailure.summary },
    waiting: counts.queued + counts.running + counts.retrying + counts.blocked,
    dead: counts.dead,
    webhooks: await webhooks(world, connection),
    rate: rateView(world, id),
    settings: { ...settings },
    secretsSet: await secretsSet(world, connection),
    actions: actions(connection, identity),
  };
}

/** Near the limit of the other side Tallyman slows down by itself, and says so. */
function rateView(world: HttpWorld, connectionId: string): ConnectionRow['rate'] {
  const { perMinute, limit, usedShare } = world.rate(connectionId);
  const sentence =
    perMinute < limit
      ? `Goes at ${perMinute} calls a minute instead of ${limit}, because the other system said it is too much. It grows back by itself.`
      : null;
  return { perMinute, limit, learned: perMinute < limit, usedShare: Math.round(usedShare * 100) / 100, sentence };
}

export function platformForms({ warehouses }: HttpWorld): PlatformForm[] {
  return warehouses.map(({ key, name, fields }) => ({ key, name, fields: fields.map((field) => ({ ...field })) }));
}

export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function sentence({ state, pauseReason, breaker, lastSuccessAt, lastFailure }: Connection): string {
  if (state === 'paused') return `${withFullStop(pauseReason ?? 'Paused')} Its jobs wait and lose nothing.`;
  if (breaker.state !== 'closed')
    return `Does not answer: ${withFullStop(lastFailure?.summary ?? 'no answer')} Its jobs wait; Tallyman looks again by itself.`;
  if (lastSuccessAt === null && lastFailure === null) return 'Not used yet. Press Test to try it.';
  if (lastFailure !== null && lastFailure.at > (lastSuccessAt ?? 0))
    return `The last call failed: ${withFullStop(lastFailure.summary)}`;
  return 'Connected.';
}

const withFullStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

async function webhooks(world: HttpWorld, { id, platform }: Connection): Promise<ConnectionRow['webhooks']> {
  if (platform === 'woocommerce') return 'not_applicable';
  if (world.publicUrl === null) return 'polling';
  const failed = await world.store.jobs(
    { connectionIds: [id], kinds: ['warehouse.webhooks'], states: ['dead'] },
    { limit: 1, offset: 0, sort: 'newest' },
  );
  if (failed.total > 0) return 'failing';
  return (await world.store.meta(`webhooks:${id}`)) === null ? 'polling' : 'registered';
}

/** Names only, and only those the form knows: what an adapter keeps beside them is nobody's business. */
async function secretsSet(world: HttpWorld, { id, platform }: Connection): Promise<string[]> {
  const fields = world.warehouses.find((one) => one.key === platform)?.fields.filter((field) => field.secret) ?? [];
  if (fields.length === 0) return [];
  try {
    const { values } = await world.vault.read(id);
    return fields.map(({ name }) => name).filter((name) => (values[name] ?? '') !== '');
  } catch {
    // Sealed with a key that is gone: then nothing is set, and the form asks for all of it.
    return [];
  }
}

function actions({ platform, state }: Connection, identity: Identity): ConnectionRow['actions'] {
  const allowed: ConnectionRow['actions'] = [];
  if (mayAct(identity, 'operator')) allowed.push('test', state === 'active' ? 'pause' : 'resume');
  if (mayAct(identity, 'admin') && platform !== 'woocommerce') allowed.push('edit');
  return allowed;
}
