/** The webhook endpoints: one row for each group and action. The list does not show secrets. */
import { CUSTOMER_ID } from './defaults.js';
import {
  badRequest,
  created,
  noContent,
  notFound,
  objectOf,
  ok,
  textOf,
  type Asked,
  type Complaints,
  type Reply,
} from './replies.js';
import type { SimWebhook } from './types.js';
import type { Warehouse } from './warehouse.js';

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  article: ['created', 'updated', 'deleted'],
  batch: ['updated'],
  inbound: ['created', 'updated', 'completed'],
  modification: ['created', 'updated', 'approved', 'disapproved'],
  order: ['created', 'updated', 'planned', 'processing', 'shipped'],
  shipment: ['created', 'updated'],
  stock: ['updated'],
  variant: ['created', 'updated', 'deleted'],
};
const PAGE = 50;

export function listWebhooks(warehouse: Warehouse, { query }: Asked): Reply {
  const all = [...warehouse.webhooks.values()];
  const page = Math.max(1, Number(query.get('page') ?? 1));
  const next = all.length > page * PAGE ? page + 1 : null;
  const results = all.slice((page - 1) * PAGE, page * PAGE).map(view);
  return ok({ count: all.length, next, previous: page > 1 ? page - 1 : null, results });
}

export function addWebhook(warehouse: Warehouse, asked: Asked): Reply {
  const body = objectOf(asked.body);
  const hook: SimWebhook = {
    id: warehouse.newId(),
    url: textOf(body['url']),
    group: textOf(body['group']),
    action: textOf(body['action']),
    hash_secret: textOf(body['hash_secret']),
  };
  const complaints = complaintsAbout(hook);
  if (Object.keys(complaints).length > 0) return badRequest(complaints);
  warehouse.webhooks.set(hook.id, hook);
  return created({ ...view(hook), hash_secret: hook.hash_secret });
}

export function changeWebhook(warehouse: Warehouse, asked: Asked, id: string): Reply {
  const before = warehouse.webhooks.get(id);
  if (before === undefined) return notFound;
  const { url, group, action, hash_secret } = { ...before, ...objectOf(asked.body) };
  const hook = { id, url, group, action, hash_secret };
  const complaints = complaintsAbout(hook);
  if (Object.keys(complaints).length > 0) return badRequest(complaints);
  warehouse.webhooks.set(id, hook);
  return ok(view(hook));
}

export function removeWebhook(warehouse: Warehouse, id: string): Reply {
  return warehouse.webhooks.delete(id) ? noContent : notFound;
}

export function readWebhook(warehouse: Warehouse, id: string): Reply {
  const hook = warehouse.webhooks.get(id);
  return hook === undefined ? notFound : ok(view(hook));
}

/** https only, except to this machine: a demo has no certificate. */
function complaintsAbout({ url, group, action, hash_secret }: SimWebhook): Complaints {
  const parsed = URL.parse(url);
  const local = parsed !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  const complaints: Complaints = {};
  if (parsed?.protocol !== 'https:' && !(local && parsed.protocol === 'http:'))
    complaints['url'] = ['This value is not a valid https URL.'];
  if (!(ACTIONS[group] ?? []).includes(action)) complaints['action'] = [`Unknown combination ${group} ${action}.`];
  if (hash_secret === '') complaints['hashSecret'] = ['This value should not be blank.'];
  return complaints;
}

function view({ id, url, group, action }: SimWebhook): Record<string, unknown> {
  return { id, url, group, action, customer: CUSTOMER_ID };
}
