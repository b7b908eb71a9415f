/** WooCommerce's own fulfilments, where that feature is on: read, created and changed through wc/v3. */
import { z } from 'zod';
import type { Fulfilment, FulfilmentDraft } from '../../domain/fulfilment.js';
import { PlatformFailure } from '../failure.js';
import type { CallContext, StorePort } from '../platform.js';
import type { WcClient } from './client.js';

/** A shop without the feature answers 404, and security plugins lock out who collects those. */
const ASK_AGAIN_AFTER_MS = 10 * 60_000;

const ITEMS = '_items';
const NUMBER = '_tracking_number';
const LINK = '_tracking_url';
const PROVIDER = '_shipment_provider';
const PROVIDER_NAME = '_provider_name';
const PARCEL = '_tallyman_parcel';
const OURS: readonly string[] = [ITEMS, NUMBER, LINK, PROVIDER, PROVIDER_NAME, PARCEL];
/** How several numbers share the one field there is. */
const SEPARATOR = ', ';

interface Meta {
  key: string;
  value: unknown;
}

const meta = z.object({ key: z.string(), value: z.unknown() });
const item = z.object({ item_id: z.coerce.number().int(), qty: z.coerce.number() });
const wcFulfilment = z.object({
  id: z.coerce.number().int(),
  // Read from the database it is the text "1", just written it is true.
  is_fulfilled: z.unknown().transform((value) => value === true || Number(value) === 1),
  meta_data: z.array(meta),
});

/** @returns the two calls on fulfilments; what is remembered between them is only that the shop has none. */
export function fulfilmentCalls(
  client: WcClient,
  now: () => number,
): Pick<StorePort, 'fulfilments' | 'writeFulfilment'> {
  let offUntil = 0;
  return {
    async fulfilments(orderId, call) {
      if (now() < offUntil) return null;
      const found = await readAll(client, orderId, call);
      if (found === null) offUntil = now() + ASK_AGAIN_AFTER_MS;
      return found;
    },
    writeFulfilment: (orderId, id, draft, writeId, call) => write(client, orderId, id, draft, writeId, call),
  };
}

async function readAll(client: WcClient, orderId: number, call: CallContext): Promise<Fulfilment[] | null> {
  try {
    const { json } = await client.get(`orders/${orderId}/fulfillments`, {}, call);
    return translateFulfilments(json);
  } catch (error) {
    if (error instanceof PlatformFailure && error.code === 'rest_no_route') return null;
    throw error;
  }
}

/** @throws ZodError when it is not a list of fulfilments. */
export function translateFulfilments(json: unknown): Fulfilment[] {
  return z.array(wcFulfilment).parse(json).map(translate);
}

function translate({ id, is_fulfilled: isFulfilled, meta_data: all }: z.output<typeof wcFulfilment>): Fulfilment {
  const text = (key: string): string => textOf(all.find((one) => one.key === key)?.value);
  const items = z.array(item).safeParse(all.find(({ key }) => key === ITEMS)?.value);
  return {
    id,
    state: isFulfilled ? 'fulfilled' : 'draft',
    parcelKey: text(PARCEL) || null,
    trackingNumbers: text(NUMBER)
      .split(SEPARATOR)
      .map((code) => code.trim())
      .filter((code) => code !== ''),
    items: (items.data ?? []).map(({ item_id: lineId, qty: quantity }) => ({ lineId, quantity })),
  };
}

async function write(
  client: WcClient,
  orderId: number,
  id: number | null,
  draft: FulfilmentDraft,
  writeId: string,
  call: CallContext,
): Promise<void> {
  const path = `orders/${orderId}/fulfillments`;
  const body = fulfilmentBody(draft);
  const { json } =
    id === null
      ? await client.send('POST', path, body, writeId, call)
      : await client.send('PUT', `${path}/${id}`, await keeping(client, `${path}/${id}`, body, call), writeId, call);
  const [written] = translateFulfilments([json]);
  if (written?.state !== 'fulfilled' || written.trackingNumbers[0] !== draft.tracking[0]?.code)
    throw new PlatformFailure({
      kind: 'unavailable',
      code: 'not_written',
      summary: 'The store answered 200, but the fulfilment does not carry the tracking number.',
    });
}

/** What a PUT leaves out is deleted there, also what others have added. */
async function keeping(client: WcClient, path: string, body: FulfilmentBody, call: CallContext) {
  const { json } = await client.get(path, {}, call);
  const others = wcFulfilment.parse(json).meta_data.filter(({ key }) => !OURS.includes(key));
  return { ...body, meta_data: [...others.map(({ key, value }) => ({ key, value })), ...body.meta_data] };
}

export interface FulfilmentBody {
  status: 'fulfilled';
  /** The one mail of this parcel. */
  notify_customer: true;
  meta_data: Meta[];
}

export function fulfilmentBody({ parcelKey, carrier, tracking, items }: FulfilmentDraft): FulfilmentBody {
  const values: Record<string, unknown> = {
    [ITEMS]: items.map(({ lineId, quantity }) => ({ item_id: lineId, qty: quantity })),
    [NUMBER]: tracking.map(({ code }) => code).join(SEPARATOR),
    [LINK]: tracking.find(({ url }) => url !== null)?.url ?? '',
    // The mail prints the provider as it is; wp-admin shows the name when it does not know the provider.
    [PROVIDER]: carrier,
    [PROVIDER_NAME]: carrier,
    [PARCEL]: parcelKey,
  };
  const filled = Object.entries(values).filter(([, value]) => value !== '');
  return { status: 'fulfilled', notify_customer: true, meta_data: filled.map(([key, value]) => ({ key, value })) };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
