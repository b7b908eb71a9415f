import { orderedId } from '../../src/cli/world.js';

test('an id made later stands behind one made earlier', () => {
  const ids = [1_795_000_000_000, 1_795_000_000_001, 1_795_000_001_000, 1_896_000_000_000].map(orderedId);
  expect([...ids].sort()).toEqual(ids);
});

test('ids of one moment differ, and each is a UUID', () => {
  const ids = new Set(Array.from({ length: 1_000 }, () => orderedId(1_795_000_000_000)));
  expect(ids.size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
