import { openScreen, screenOf } from '../pages/screen.ts';
import { expect, test } from '../journeys/journey-test.ts';
import { comesToRest, effectsOf, endsWell, reachesWarehouse, shipsAndCompletes } from '../journeys/one-order.ts';
import { orderByRest } from '../stack/staff.ts';

test('webhooks that come twice change nothing the second time', async ({ world }) => {
  const { warehouse, stack, admin } = world;
  warehouse.faults({ duplicateWebhooks: 1 });
  const { id } = await orderByRest(stack, admin);
  await reachesWarehouse(world, id);
  await shipsAndCompletes(world, id);
  const notes = () => admin.rest<readonly object[]>('GET', `/wc/v3/orders/${id}/notes`);
  const before = await notes();
  expect(warehouse.resend({ reference: `OAK-${id}` })).toBeGreaterThan(0);
  await warehouse.webhooksSent();
  await comesToRest(world, id);
  expect(await notes()).toHaveLength(before.length);
  await endsWell(world, id);
});

test('webhooks that overtake each other end in the same order, parcels and mails', async ({ world }) => {
  const { warehouse, stack, admin } = world;
  const { id } = await orderByRest(stack, admin, { basket: { oakChair: 2 } });
  await reachesWarehouse(world, id);
  warehouse.faults({ reorderWebhooks: 1, duplicateWebhooks: 0.5, seed: 7 });
  const { trackingCodes } = await shipsAndCompletes(world, id, { parcels: 2 });
  expect(trackingCodes).toHaveLength(2);
  await warehouse.webhooksSent();
  await endsWell(world, id);
});

test('parcels whose webhooks were all lost are found by asking the warehouse', async ({ adminPage: page, world }) => {
  const { warehouse, stack, admin } = world;
  const { id } = await orderByRest(stack, admin);
  await reachesWarehouse(world, id);
  await comesToRest(world, id);
  warehouse.faults({ dropWebhooks: 1 });
  warehouse.ship(`OAK-${id}`);
  expect(effectsOf(warehouse, id, 'webhook.dropped').length).toBeGreaterThan(0);
  warehouse.faults({ dropWebhooks: 0 });
  await openScreen(page, { tab: 'overview' });
  await screenOf(page).getByRole('button', { name: 'Run now: Ask the warehouse for new parcels' }).click();
  await endsWell(world, id);
});
