import type { PlatformForm } from '../src/api/types';
import { inputOf, missingFields, startValues } from '../src/connections/form-values';
import { openFirst } from '../src/connections/open-first';
import { statusOptions } from '../src/connections/status-options';
import { pairingErrors, tidied } from '../src/pairing/pairing-values';
import { answerOf } from '../dev/scenes';

const ask = (path: string) =>
  answerOf('full', { method: 'GET', path: `/tallyman/v1/proxy/api/v1${path}`, query: new URLSearchParams() }, 0).body;
const [form] = (ask('/platforms') as { rows: [PlatformForm] }).rows;

test('a form starts with what is set, then with what the adapter proposes, and never with a secret', () => {
  const values = startValues(form.fields, {
    baseUrl: 'https://wms.example.com',
    password: 'leaked',
    statuses: ['on-hold'],
  });
  expect(values).toMatchObject({
    baseUrl: 'https://wms.example.com',
    password: '',
    statuses: ['on-hold'],
    matchBySku: true,
  });
  expect(startValues(form.fields, {})).toMatchObject({ baseUrl: '', statuses: ['processing'] });
});

test('a secret that is saved may stay empty, one that is not may not', () => {
  const values = { ...startValues(form.fields, {}), baseUrl: 'https://wms.example.com', username: 'shop' };
  expect(missingFields(form.fields, values, ['password'])).toEqual([]);
  expect(missingFields(form.fields, values, [])).toEqual(['password']);
  expect(missingFields(form.fields, { ...values, statuses: [] }, ['password'])).toEqual(['statuses']);
});

test('secrets and settings are sent apart, and an empty secret is not sent', () => {
  const values = { ...startValues(form.fields, {}), username: 'shop' };
  expect(inputOf(form, ' North ', values)).toMatchObject({ platform: 'wms', name: 'North', secrets: {} });
  const input = inputOf(form, '', { ...values, password: 'hunter2' });
  expect(input).toMatchObject({ name: 'Warehouse', secrets: { password: 'hunter2' } });
  expect(Object.keys(input.settings)).not.toContain('password');
});

test('a number that was cleared is not said', () => {
  const number = { name: 'rate', label: '', help: '', type: 'number', required: false, secret: false } as const;
  const only: PlatformForm = { ...form, fields: [number] };
  expect(inputOf(only, 'x', { rate: '' }).settings).toEqual({});
  expect(inputOf(only, 'x', { rate: '60' }).settings).toEqual({ rate: 60 });
});

test('a state of an order that a plugin added stays ticked', () => {
  expect(statusOptions(undefined, ['packed']).map(({ value }) => value)).toContain('packed');
  expect(statusOptions([{ value: 'a', label: 'A' }], ['a'])).toEqual([{ value: 'a', label: 'A' }]);
});

test('products that hold orders back come first', () => {
  const { rows } = ask('/connections/wms-north/articles') as { rows: Parameters<typeof openFirst>[0] };
  expect(openFirst(rows).map(({ name }) => name)).toEqual(['Oak chair, natural', 'Wax', 'Oak table']);
});

describe('pairing', () => {
  const right = { sidecarUrl: 'https://sidecar.example.com', code: 'AB12-CD34', storeCode: 'OAK' };
  test('takes what was copied with spaces and a slash', () => {
    const copied = { sidecarUrl: ' https://sidecar.example.com/ ', code: ' AB12-CD34\n', storeCode: 'OAK ' };
    expect(pairingErrors(copied)).toEqual({});
    expect(tidied(copied)).toEqual(right);
  });
  test.each([
    ['sidecarUrl', 'sidecar.example.com'],
    ['sidecarUrl', 'ftp://sidecar.example.com'],
    ['code', '  '],
    ['storeCode', ''],
    ['storeCode', 'OAK/1'],
  ] as const)('says what is wrong with %s "%s"', (field, value) => {
    expect(Object.keys(pairingErrors({ ...right, [field]: value }))).toEqual([field]);
  });
});
