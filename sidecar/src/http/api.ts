/** What the screen and the sidecar say to each other. Types only: the screen imports this file and nothing else. */
import type { JobState, PersonMove } from '../domain/job.js';
import type { Role } from '../stores/store.js';

export const PROTOCOL = 1;

/** GET /api/v1/capabilities */
export interface Capabilities {
  protocol: number;
  version: string;
  /** What this sidecar can do; the screen hides the rest. */
  features: ('jobs' | 'connections' | 'orders' | 'articles' | 'schedules')[];
  role: Role;
}

export interface ApiError {
  /** Stable word: 'not_found', 'illegal_move', 'invalid', 'unauthorized', 'forbidden', ... */
  error: string;
  /** A sentence for people. */
  message: string;
  /** The server's clock when a signature was stale, ISO-8601. */
  serverTime?: string;
}

/** GET /api/v1/overview: one aggregated call a refresh. Times are ISO-8601. */
export interface Overview {
  now: string;
  /** "Everything is flowing. 214 orders reached the warehouse today." */
  sentence: string;
  mood: 'flowing' | 'waiting' | 'attention';
  counts: Record<JobState, number>;
  nextRetryAt: string | null;
  oldestWaitingAt: string | null;
  late: number;
  hours: { startsAt: string; done: number; failed: number }[];
  /** Orders waiting in the store's outbox as the store last said; null when unknown. */
  connections: ConnectionRow[];
  schedules: ScheduleRow[];
  checklist: {
    id: 'store' | 'warehouse' | 'webhooks' | 'articles' | 'first-order';
    label: string;
    done: boolean;
    hint: string;
  }[];
}

export interface ScheduleRow {
  name: string;
  connectionId: string;
  label: string;
  everySeconds: number;
  lastAt: string | null;
  nextAt: string;
  /** "2 orders found." / "The warehouse answered 503." */
  lastOutcome: string | null;
  late: boolean;
}

export interface ConnectionRow {
  id: string;
  platform: 'woocommerce' | 'wms';
  name: string;
  state: 'active' | 'paused';
  /** "Connected. Last answer 2 min ago." / "Paused: the warehouse refused the password." */
  sentence: string;
  breaker: 'closed' | 'open' | 'probing';
  nextProbeAt: string | null;
  lastSuccessAt: string | null;
  lastFailure: { at: string; summary: string } | null;
  waiting: number;
  dead: number;
  webhooks: 'registered' | 'polling' | 'failing' | 'not_applicable';
  /** Non-secret settings, for the form. */
  settings: Record<string, unknown>;
  /** Names of secret fields that have a value. */
  secretsSet: string[];
  actions: ('test' | 'pause' | 'resume' | 'edit')[];
}

/** GET /api/v1/platforms */
export interface PlatformForm {
  key: 'wms';
  name: string;
  fields: {
    name: string;
    label: string;
    help: string;
    type: 'text' | 'url' | 'password' | 'select' | 'switch' | 'statuses' | 'number';
    required: boolean;
    secret: boolean;
    options?: { value: string; label: string }[];
    default?: string | number | boolean | string[];
  }[];
}

/** POST /api/v1/connections, PUT /api/v1/connections/:id. Empty secrets mean "as before". */
export interface ConnectionInput {
  platform: 'wms';
  name: string;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
  /** Which shop it serves; needed only by a token that sees several. */
  storeId?: string;
}

/** POST /api/v1/connections/:id/test → { ok, sentence }; /pause { reason }; /resume */
export interface TestAnswer {
  ok: boolean;
  sentence: string;
}

/** GET /api/v1/jobs?state=&connection=&kind=&search=&page=1&per_page=20&sort=newest */
export interface JobList {
  rows: JobRow[];
  total: number;
  counts: Record<JobState, number>;
}

export interface JobRow {
  id: number;
  /** "Send order #4711 to Warehouse North" */
  title: string;
  kind: string;
  state: JobState;
  /** One plain sentence: what it does, why it waits or failed, what to do. */
  sentence: string;
  attempts: number;
  attemptsMax: number;
  runAt: string | null;
  createdAt: string;
  updatedAt: string;
  connection: { id: string; name: string };
  /** The store's order id and display number when it is about an order. */
  order: { id: number; number: string } | null;
  failure: { kind: string; summary: string; cure: string; status: number | null; code: string | null } | null;
  late: boolean;
  /** Only what the transition table and the caller's role allow. */
  actions: PersonMove[];
}

/** GET /api/v1/jobs/:id */
export interface JobDetail extends JobRow {
  path: { state: JobState; at: string; note: string }[];
  attemptsList: {
    at: string;
    outcome: string;
    sentence: string;
    queueMs: number;
    runMs: number;
    failure: {
      kind: string;
      summary: string;
      status: number | null;
      code: string | null;
      excerpt: string | null;
    } | null;
  }[];
  waitsFor: string | null;
  activity: ActivityRow[];
  /** Fields a person may correct, with what would be sent now; null without the right to see payloads. */
  correctable:
    { field: string; label: string; value: string; sourceValue: string; correctedBy: string | null }[] | null;
  /** What force done would release and mean, in sentences. */
  forceDonePreview: string[];
  technical: { key: string; priority: number; fence: number; traceId: string; coalesceKey: string | null };
}

export interface ActivityRow {
  at: string;
  who: string;
  what: string;
  why: string | null;
  before: string | null;
  after: string | null;
}

/** POST /api/v1/jobs/:id/actions. 409 'illegal_move' with the reason when the job moved on meanwhile. */
export type JobAction =
  | { action: 'retryNow' }
  | { action: 'correct'; fields: Record<string, string>; reason: string }
  | { action: 'forceDone'; reason: string }
  | { action: 'cancel'; reason: string }
  | { action: 'reopen'; reason: string };

/** GET /api/v1/orders/:orderId: the meta box. */
export interface OrderView {
  orderId: number;
  /** "At Warehouse North since 10:32, being picked." */
  sentence: string;
  /** Answer to "Why not sent?", null when it is sent or on its way. */
  whyNotSent: string | null;
  warehouses: {
    connectionId: string;
    name: string;
    remoteId: string | null;
    remoteNumber: string | null;
    status: string | null;
    settledBy: string | null;
  }[];
  parcels: { number: string; carrier: string; tracking: { code: string; url: string | null }[]; shippedAt: string }[];
  jobs: JobRow[];
  /** 'send' → POST /api/v1/orders/:orderId/send { connectionId } */
  actions: { action: 'send'; connectionId: string; label: string }[];
}

/** GET /api/v1/connections/:id/articles, POST the same with ArticleMappingInput */
export interface ArticleList {
  rows: {
    productId: number;
    variationId: number;
    /** As the latest order line shows it. */
    name: string;
    sku: string;
    articleCode: string | null;
    /** "same SKU" / "chosen by Anna" / null while open. */
    origin: string | null;
    ordersWaiting: number;
    suggestions: { code: string; name: string; why: string }[];
  }[];
}
export interface ArticleMappingInput {
  productId: number;
  variationId: number;
  articleCode: string;
}
