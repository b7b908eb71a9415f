import type { Warehouse } from '../stack/warehouse.ts';

type Faults = Parameters<Warehouse['faults']>[0];

export const NO_FAULTS: Faults = {
  loseAnswerAfterCreate: { next: 0 },
  tooManyRequests: { share: 0, retryAfterSeconds: 1 },
  serverErrors: { share: 0, moment: 'either' },
  maintenancePage: 0,
  slowMs: 0,
  down: false,
  duplicateWebhooks: 0,
  reorderWebhooks: 0,
  dropWebhooks: 0,
};
