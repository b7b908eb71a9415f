import { redactText, redactValue } from '../../src/domain/redact.js';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

test.each([
  ['a webhook secret', 'secret is whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD', 'whsec_'],
  ['a consumer key', 'https://shop.example/wp-json?consumer_key=ck_0123456789abcdef&x=1', 'ck_0123'],
  ['a consumer secret', 'used cs_0123456789abcdef', 'cs_0123'],
  ['a JWT', `got ${jwt} back`, 'eyJ'],
  ['a bearer token', 'Authorization: Bearer abcdef123456', 'abcdef'],
  ['basic credentials', 'authorization: Basic dXNlcjpwYXNz', 'dXNl'],
  ['a password in text', 'login failed: password=hunter2 for north', 'hunter2'],
  ['a password in JSON', '{"username":"x","password":"hunter2"}', 'hunter2'],
  ['a cookie', 'Set-Cookie: session=abc123; Path=/', 'abc123'],
  ['credentials in an address', 'cannot reach https://anna:hunter2@shop.example/', 'hunter2'],
  ['an e-mail address', 'No customer ada.lovelace+x@example.co.uk here', 'ada.lovelace'],
  ['a telephone number', 'Phone +44 20 7946 0958 is invalid', '7946'],
  ['a national telephone number', 'Phone 020 7946 0958 is invalid', '7946'],
  ['a name by its key', '{"shipping_address":{"addressed_to":"Ada Lovelace"}}', 'Ada'],
  ['a street by its key', '{"street":"St James Square","street2":"back door","city":"London"}', 'James'],
  ['a list of streets', '{"address":["12 St James Square"]}', 'James'],
  [
    'a name in JSON that was cut off',
    '{"code":400,"shipping_address":{"last_name":"Lovelace","zipcode":"SW1',
    'Lovelace',
  ],
  ['a value that was cut off itself', '{"code":400,"street":"St James Squ', 'James'],
  ['a token in an inner text', '{"message":"token: abc123 expired"}', 'abc123'],
])('%s is removed', (_name, text, secret) => {
  expect(text).toContain(secret);
  expect(redactText(text)).not.toContain(secret);
});

test.each([
  'The warehouse answered 400: Reference is not unique.',
  'Order ORD00000003029 of 2026-03-02T08:00:00+00:00 has status 40.',
  '{"code":"invalid_country","field_name":"country","message":"XX is not a country"}',
  'Quantity 12, total 120.00 EUR, ids 4711, 900012345678.',
])('what explains an error stays: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('texts are cut, and no half secret is left at the end', () => {
  const text = `${'x'.repeat(480)} whsec_${'a'.repeat(60)}`;
  expect(redactText(text)).toHaveLength(489);
  expect(redactText('y'.repeat(2000))).toHaveLength(500);
  expect(redactText('y'.repeat(2000), 50)).toHaveLength(50);
});

test('a huge or bottomless body costs little', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  expect(redactText(deep).length).toBeLessThanOrEqual(500);
  expect(redactText(`{"password":"${'a'.repeat(2_000_000)}`)).not.toContain('aaa');
});

test('values are copied, not changed', () => {
  const value = { id: 7, email: 'ada@example.com', nested: [{ token: 'abc', when: null }] };
  expect(redactValue(value)).toEqual({ id: 7, email: '[personal]', nested: [{ token: '[secret]', when: null }] });
  expect(value.email).toBe('ada@example.com');
});
