/** Fingerprints are kept for years: another way to make them must give the same, or everything would look changed once. */
import fc from 'fast-check';
import { canonicalJson, fingerprint } from '../../src/domain/fingerprint.js';

/** How the first version made it. */
function firstMade(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

test('whatever an order holds, it is written as it always was', () => {
  const key = fc.oneof(
    fc.string(),
    fc.nat().map(String),
    fc.constantFrom('007', '4294967295', '4294967294', '-1', '1.5', 'é'),
  );
  const value = fc.anything({
    key,
    values: [fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(undefined), fc.constant(null)],
  });
  fc.assert(
    fc.property(value, (one) => canonicalJson([one]) === firstMade([one])),
    { numRuns: 2_000 },
  );
});

test('the order in which a shop names the fields says nothing, another value does', () => {
  const order = { number: '7', lines: [{ sku: 'oak', quantity: 2 }], refunded: { 12: 1, 3: 2 } };
  const turned = { refunded: { 3: 2, 12: 1 }, lines: [{ quantity: 2, sku: 'oak' }], number: '7' };
  expect(fingerprint(turned)).toBe(fingerprint(order));
  expect(fingerprint({ ...order, number: '8' })).not.toBe(fingerprint(order));
  expect(fingerprint(order)).toMatch(/^[0-9a-f]{64}$/);
});
