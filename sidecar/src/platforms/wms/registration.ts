/** Which webhooks we want at the warehouse, and how they come to be there: one row per group and action. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CallContext } from '../platform.js';
import type { WmsClient } from './client.js';

const WANTED = [
  ['order', 'created'],
  ['order', 'updated'],
  ['order', 'planned'],
  ['order', 'processing'],
  ['order', 'shipped'],
  ['shipment', 'created'],
  ['shipment', 'updated'],
] as const;

const rowSchema = z.object({ id: z.string(), url: z.string(), group: z.string(), action: z.string() });
const pageSchema = z.union([
  z.object({ next: z.unknown().optional(), results: z.array(rowSchema) }),
  z.array(rowSchema).transform((results) => ({ next: null, results })),
]);
type Row = z.infer<typeof rowSchema>;

const MAX_PAGES = 20;

/**
 * @param url ours, ending in something only this connection has: rows elsewhere that end likewise are our own, outdated ones.
 * @returns a sentence.
 */
export async function ensureWmsWebhooks(
  client: WmsClient,
  url: string,
  secret: string,
  call: CallContext,
): Promise<string> {
  const target = withKeyMark(url, secret);
  const ours = (await listAll(client, call)).filter((row) => isOurs(row.url, target));
  const keep = new Set<string>();
  let added = 0;
  for (const [group, action] of WANTED) {
    const there = ours.find((row) => row.url === target && row.group === group && row.action === action);
    if (there !== undefined) {
      keep.add(there.id);
      continue;
    }
    const body = { url: target, group, action, hash_secret: secret };
    await client.json({ method: 'POST', path: 'webhooks/', body, sort: 'create' }, rowSchema, call);
    added += 1;
  }
  // Only now: while both stand an event comes twice, which does no harm; a gap would.
  const outdated = ours.filter((row) => !keep.has(row.id));
  for (const { id } of outdated)
    await client.done({ method: 'DELETE', path: `webhooks/${encodeURIComponent(id)}/`, sort: 'repeatable' }, call);
  return sentence(added, outdated.length);
}

async function listAll(client: WmsClient, call: CallContext): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { next, results } = await client.json(
      { method: 'GET', path: 'webhooks/', query: { page }, sort: 'read' },
      pageSchema,
      call,
    );
    rows.push(...results);
    if (next == null || results.length === 0) break;
  }
  return rows;
}

/** The list never shows the secret; a mark of it in the address tells rows that sign with an older one. */
function withKeyMark(url: string, secret: string): string {
  const marked = new URL(url);
  marked.searchParams.set('key', createHash('sha256').update(secret).digest('hex').slice(0, 8));
  return marked.toString();
}

function isOurs(url: string, target: string): boolean {
  const tail = lastPart(target);
  return tail !== '' && lastPart(url) === tail;
}

const lastPart = (url: string): string => URL.parse(url)?.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';

function sentence(added: number, removed: number): string {
  if (added === 0 && removed === 0) return `All ${WANTED.length} webhooks are registered at the warehouse.`;
  return `All ${WANTED.length} webhooks are registered at the warehouse (${added} new, ${removed} outdated ones removed).`;
}
