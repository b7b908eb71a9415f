import type { Faults, SimArticle, WmsSimulatorOptions } from './types.js';

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
  clockSkewMs: 0,
  forgetReferences: false,
  seed: 1,
};

/** Codes differ from SKUs on purpose, as they do in real warehouses; one article has no SKU at all. */
export const DEMO_ARTICLES: readonly SimArticle[] = [
  { code: 'WH-OAK-CHAIR', name: 'Oak chair', sku: 'OAK-CHAIR', ean: '8710400311141' },
  { code: 'WH-PINE-TABLE', name: 'Pine table', sku: 'PINE-TABLE', ean: '8710400311158' },
  { code: 'WH-WOOL-RUG', name: 'Wool rug', sku: 'WOOL-RUG', ean: '8710400311165' },
  { code: 'WH-LINEN-CUSHION-SAND', name: 'Linen cushion, sand', sku: 'LINEN-CUSHION-SAND', ean: '8710400311172' },
  { code: 'WH-LINEN-CUSHION-MOSS', name: 'Linen cushion, moss', sku: null, ean: null },
];

export const DEFAULTS: Required<WmsSimulatorOptions> = {
  port: 0,
  host: '127.0.0.1',
  username: 'demo',
  password: 'demo-password',
  wmsCode: 'DEMO-WMS',
  customerCode: 'DEMO-SHOP',
  tokenLifeSeconds: 3600,
  articles: DEMO_ARTICLES,
  shipAfterMs: 3000,
  parcels: 1,
  labels: 'at_once',
  faults: {},
  webhookRetryDelaysMs: [1000, 5000],
  webhooksAtOnce: 1000,
  now: Date.now,
};

export const CUSTOMER_ID = 'be62c27e-2aac-4ac1-902e-f770d64f8dce';
