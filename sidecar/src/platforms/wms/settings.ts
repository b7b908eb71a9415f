/** What a connection to the warehouse is set to, and the form that asks for it. */
import { z } from 'zod';
import { PlatformFailure } from '../failure.js';
import { assertAllowedUrl } from '../http.js';
import type { FormField } from '../platform.js';

export interface WmsSettings {
  /** With a slash at its end. */
  baseUrl: string;
  wmsCode: string;
  customerCode: string;
  /** The vendor's documents name no unit for `order_amount`; the account manager of the warehouse knows. */
  orderAmountUnit: 'minor' | 'major';
}

export const WMS_FIELDS: readonly FormField[] = [
  {
    name: 'baseUrl',
    label: 'Address of the API',
    help: 'Production in Europe unless your warehouse told you another one.',
    type: 'url',
    required: true,
    secret: false,
    default: 'https://eu.middleware.ewarehousing-solutions.com/',
  },
  {
    name: 'wmsCode',
    label: 'WMS code',
    help: 'Names the warehouse. Your warehouse gave it to you.',
    type: 'text',
    required: true,
    secret: false,
  },
  {
    name: 'customerCode',
    label: 'Customer code',
    help: 'Names you at the warehouse.',
    type: 'text',
    required: true,
    secret: false,
  },
  {
    name: 'username',
    label: 'User name',
    help: 'Of the API account, not of a person.',
    type: 'text',
    required: true,
    secret: true,
  },
  {
    name: 'password',
    label: 'Password',
    help: 'Kept encrypted; it is never shown again.',
    type: 'password',
    required: true,
    secret: true,
  },
  {
    name: 'statuses',
    label: 'Send orders that are',
    help: 'The WooCommerce statuses in which the warehouse should ship.',
    type: 'statuses',
    required: true,
    secret: false,
    default: ['processing'],
  },
  {
    name: 'autoMapBySku',
    label: 'Match products by SKU',
    help: 'A SKU that stands on one product here and one article there is matched without asking.',
    type: 'switch',
    required: false,
    secret: false,
    default: true,
  },
  {
    name: 'orderAmountUnit',
    label: 'Order amount is sent in',
    help: 'Ask your warehouse when order amounts look a hundred times too large or too small there.',
    type: 'select',
    required: false,
    secret: false,
    options: [
      { value: 'minor', label: 'Cents (29.35 is sent as 2935)' },
      { value: 'major', label: 'Whole units (29.35 is sent as 29)' },
    ],
    default: 'minor',
  },
  {
    name: 'completeWithoutTrackingMinutes',
    label: 'Complete without tracking after (minutes)',
    help: 'When the warehouse says "shipped" but gives no parcel for so long, the order is completed without one.',
    type: 'number',
    required: false,
    secret: false,
    default: 60,
  },
  {
    name: 'ratePerMinute',
    label: 'Calls a minute',
    help: 'The most Tallyman asks of the warehouse. It slows down by itself when the warehouse says so.',
    type: 'number',
    required: false,
    secret: false,
    default: 60,
  },
];

const schema = z.object({
  baseUrl: z.string().trim().min(1, 'The address of the API is missing.'),
  wmsCode: z.string().trim().min(1, 'The WMS code is missing.'),
  customerCode: z.string().trim().min(1, 'The customer code is missing.'),
  orderAmountUnit: z.enum(['minor', 'major']).catch('minor'),
});

/** @throws PlatformFailure 'invalid' with the sentence for the form. */
export function readWmsSettings(settings: Readonly<Record<string, unknown>>): WmsSettings {
  const parsed = schema.safeParse({ baseUrl: '', wmsCode: '', customerCode: '', ...settings });
  if (!parsed.success) {
    const summary = parsed.error.issues[0]?.message ?? 'The settings of the warehouse are not complete.';
    throw new PlatformFailure({ kind: 'invalid', code: 'settings', summary });
  }
  const { origin, pathname } = assertAllowedUrl(parsed.data.baseUrl);
  return { ...parsed.data, baseUrl: `${origin}${pathname.replace(/\/*$/, '/')}` };
}
