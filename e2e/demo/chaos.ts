import type { Faults } from '../../sidecar/dist/simulators/wms/index.js';

/** A bad day at the warehouse. */
export const chaosFaults: Partial<Faults> = {
  loseAnswerAfterCreate: { share: 0.3 },
  tooManyRequests: { share: 0.1, retryAfterSeconds: 1 },
  serverErrors: { share: 0.1, moment: 'either' },
  duplicateWebhooks: 0.2,
  reorderWebhooks: 0.2,
  dropWebhooks: 0.05,
  seed: 11,
};
