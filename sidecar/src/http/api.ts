/** What the screen and the sidecar say to each other. Types only: the screen imports this file and nothing else. */
import type { BatchMove, BatchState } from '../domain/batch.js';
import type { AlertKind } from '../domain/alert.js';
import type { JobState, PersonMove } from '../domain/job.js';
import type { DeliveryState, Role } from '../stores/store.js';

export const PROTOCOL = 1;

/** GET /api/v1/capabilities */
export interface Capabilities {
  protocol: number;
  version: string;
  /** What this sidecar can do; the screen hides the rest. */
  features: (
    'jobs' | 'connections' | 'orders' | 'articles' | 'schedules' | 'batches' | 'failures' | 'deliveries' | 'alerts'
  )[];
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
  /** Open ones, newest first. */
  alerts: AlertRow[];
  /** null while there is no backlog. */
  forecast: BacklogForecast | null;
  sla: SlaRow[];
}

export interface AlertRow {
  id: string;
  kind: AlertKind;
  connection: { id: string; name: string } | null;
  /** "Warehouse North does not answer. 12 jobs wait and lose nothing. Tallyman looks again by itself." */
  sentence: string;
  openedAt: string;
  clearedAt: string | null;
  /** What is said now that it is over; null while it is open. */
  over: string | null;
}

/** GET /api/v1/alerts */
export interface AlertList {
  open: AlertRow[];
  /** Over, newest first. */
  recent: AlertRow[];
}

export interface BacklogForecast {
  trend: 'shrinks' | 'grows' | 'stands';
  /** "600 jobs wait for Warehouse North. The backlog clears in about 25 min." */
  sentence: string;
  /** null when no end is in sight. */
  clearsAt: string | null;
  /** At least so many of those that wait. */
  willBeLate: number;
}

/** How well the promise for one kind of job was kept in the last 24 hours. */
export interface SlaRow {
  kind: string;
  label: string;
  withinSeconds: number;
  total: number;
  late: number;
  /** Rounded down. */
  percent: number;
  /** "Orders: 98 % within 2 min, 3 late." */
  sentence: string;
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
  /** Calls a minute at present, and the connection's own limit. `learned`: slowed down because the other side asked for it. */
  rate: {
    perMinute: number;
    limit: number;
    learned: boolean;
    /** Of the last minute, by the sidecar that answers; 0 to 1. */
    usedShare: number;
    /** Why it is slower than its limit; null when it is not. */
    sentence: string | null;
  };
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

/** What the list of jobs can be narrowed to. */
export interface JobListFilter {
  state?: JobState;
  connection?: string;
  kind?: string;
  /** Class of the last failure: 'rejected'. */
  failure?: string;
  /** Of the last failure, as GET /api/v1/failures names it. */
  cause?: string;
  batch?: string;
  late?: '1' | 'true';
  search?: string;
  /** Last changed since and until: ISO-8601, or a span back from now: '90m', '24h', '7d'. */
  since?: string;
  until?: string;
}

/** GET /api/v1/jobs?state=&connection=&kind=&search=&page=1&per_page=20&sort=newest */
export interface JobList {
  rows: JobRow[];
  total: number;
  counts: Record<JobState, number>;
  /** What may be pressed on all that match, with the number of jobs it would move; empty while nothing narrows the list. */
  bulk: { move: BatchMove; count: number }[];
  /** Those going on, stopped, or just ended. */
  batches: BatchRow[];
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

/** GET /api/v1/jobs/:id/remote-check: whether the other side has it already, asked before a person forces it done. */
export interface RemoteCheck {
  found: 'there' | 'absent' | 'unknown';
  sentence: string;
}

/** POST /api/v1/batches: one press on all that match, or on those that are ticked. */
export interface BatchInput {
  move: BatchMove;
  filter?: JobListFilter;
  /** At most 500; instead of a filter. */
  ids?: number[];
  /** Needed by force done and cancel. */
  reason?: string;
  /** Newest job the person saw: those that came later are not meant. */
  lastJobId?: number;
  /** Says what would happen, and does nothing. Answered with a BatchDraft. */
  dryRun?: boolean;
}

export interface BatchDraft {
  state: 'draft';
  /** "Retry 214 jobs that need attention" */
  title: string;
  total: number;
  lastJobId: number;
  /** Some of them, oldest first. */
  examples: { id: number; title: string; sentence: string }[];
}

/** POST /api/v1/batches (201), GET /api/v1/batches/:id, POST /api/v1/batches/:id/stop and /resume */
export interface BatchRow {
  id: string;
  title: string;
  state: BatchState;
  move: BatchMove | null;
  /** "120 of 214 set going; 80 done, 3 need attention." */
  sentence: string;
  total: number;
  moved: number;
  /** Its jobs by state, as they are now or as they were when it ended. */
  counts: Record<JobState, number>;
  who: string;
  reason: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** So far, or in all. */
  durationMs: number;
  /** When it should be through at the pace so far; null while that cannot be told. */
  expectedEndAt: string | null;
  actions: ('stop' | 'resume')[];
}

/** GET /api/v1/batches?state= */
export interface BatchList {
  rows: BatchRow[];
}

/** GET /api/v1/failures?connection= */
export interface FailureList {
  rows: FailureGroupRow[];
  /** Jobs that need attention, in all groups. */
  total: number;
}

export interface FailureGroupRow {
  /** Narrows the list of jobs, and a batch, to these. */
  filter: { state: 'dead'; connection: string; kind: string; cause: string };
  count: number;
  /** What they were to do: "Send an order to Warehouse North". */
  title: string;
  /** What went wrong, in the words of the latest: "The warehouse answered 400: Postal code is not valid." */
  sentence: string;
  /** "Correct what the message names, then retry these 41." */
  cure: string;
  /** Where the cure is brought about. */
  fix: { screen: 'articles' | 'connection'; connection: string } | null;
  failure: { kind: string; status: number | null; code: string | null };
  connection: { id: string; name: string };
  firstAt: string;
  lastAt: string;
  example: { jobId: number; title: string };
  actions: BatchMove[];
}

/** GET /api/v1/deliveries?connection=&state=&topic=&search=&page=1&per_page=20 */
export interface DeliveryList {
  rows: DeliveryRow[];
  total: number;
}

export interface DeliveryRow {
  id: string;
  topic: string;
  connection: { id: string; name: string };
  state: DeliveryState;
  /** "Worked through." / "Ignored: the reference is not one of this store." */
  sentence: string;
  receivedAt: string;
  /** How often the same delivery came again; each was answered and changed nothing. */
  duplicates: number;
  /** The sender's own id of it, or a fingerprint of its bytes. */
  key: string;
}

/** GET /api/v1/deliveries/:id */
export interface DeliveryDetail extends DeliveryRow {
  /** How its origin was proven before it was stored. */
  verified: string;
  /** Bytes; null once retention has cut it. */
  size: number | null;
  jobs: JobRow[];
  records: { type: string; label: string; changedAt: string }[];
  /** Redacted; null without the right to see payloads, or once it is cut. */
  body: string | null;
  /** Why there is no body to see, or null. */
  bodyNote: string | null;
  actions: 'replay'[];
}

/** POST /api/v1/deliveries/:id/replay. 409 'illegal_move' when its body is gone. */
export interface ReplayAnswer {
  sentence: string;
  delivery: DeliveryDetail;
}

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
