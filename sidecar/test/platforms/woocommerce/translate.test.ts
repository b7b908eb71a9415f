import { readFileSync } from 'node:fs';
import { minorUnits, translateOrder } from '../../../src/platforms/woocommerce/translate.js';

const sample = JSON.parse(
  readFileSync(new URL('../../samples/woocommerce/order.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

function wcOrder(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 4711,
    number: '4711',
    order_key: 'wc_order_abc',
    status: 'processing',
    currency: 'EUR',
    total: '29.35',
    date_created_gmt: '2026-11-20T10:00:00',
    date_modified_gmt: '2026-11-20T10:00:05',
    customer_note: '',
    billing: { first_name: 'Ada', address_1: 'Bill 1', city: 'Utrecht', email: 'ada@example.com', phone: '1' },
    shipping: { first_name: 'Ada', address_1: 'Ship 2', city: 'Zeist', postcode: '3700AA', country: 'NL' },
    line_items: [
      { id: 9, name: 'Jacket', product_id: 11, variation_id: 12, quantity: 3, sku: 'PARENT', price: 9.7833 },
    ],
    tallyman: { sequence: 17, site: 'x', lines: { 9: { refunded: 1, needs_shipping: true, own_sku: '' } } },
    ...changes,
  };
}

describe('An order as WooCommerce gives it', () => {
  it('is read from the documented example', () => {
    const { order, version } = translateOrder(sample, 5);
    expect(order.id).toBe(sample['id']);
    expect(order.lines.length).toBeGreaterThan(0);
    expect(version.sequence).toBe(5);
  });

  it('keeps the version the plugin read before it built the order', () => {
    expect(translateOrder(wcOrder(), 99).version).toEqual({ modifiedAt: '2026-11-20T10:00:05Z', sequence: 17 });
  });

  it("takes no SKU from a variation that only shows its parent's", () => {
    expect(translateOrder(wcOrder(), 0).order.lines[0]).toMatchObject({
      sku: '',
      refunded: 1,
      quantity: 3,
      unitPriceMinor: 978,
    });
    const { tallyman: _, ...bare } = wcOrder();
    expect(translateOrder(bare, 0).order.lines[0]?.sku).toBe('');
  });

  it('ships to the shipping address, or to the billing address when there is none', () => {
    expect(translateOrder(wcOrder(), 0).order.address).toMatchObject({
      line1: 'Ship 2',
      email: 'ada@example.com',
      phone: '1',
    });
    expect(translateOrder(wcOrder({ shipping: { address_1: '', city: '' } }), 0).order.address.line1).toBe('Bill 1');
  });

  it('reads the empty list PHP writes for an empty map', () => {
    const order = wcOrder({ line_items: [], tallyman: { sequence: 1, site: 'x', lines: [] } });
    expect(translateOrder(order, 0).order.lines).toEqual([]);
  });

  it('is refused when it is something else', () => {
    expect(() => translateOrder({ code: 'rest_forbidden' }, 0)).toThrow();
  });

  it.each([
    ['19.99', 'EUR', 1999],
    ['0.1', 'EUR', 10],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['1.005', 'EUR', 101],
    ['-', 'EUR', 0],
  ])('counts %s %s as %i minor units', (amount, currency, minor) => {
    expect(minorUnits(amount, currency)).toBe(minor);
  });
});
