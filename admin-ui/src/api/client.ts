import apiFetch from '@wordpress/api-fetch';
import { addQueryArgs } from '@wordpress/url';
import type {
  ArticleMappingInput,
  BatchDraft,
  BatchInput,
  BatchRow,
  ConnectionInput,
  ConnectionRow,
  DeliveryState,
  JobAction,
  JobState,
  ReplayAnswer,
  TestAnswer,
} from './types';

const SIDECAR = '/tallyman/v1/proxy/api/v1';
const PAIRING = '/tallyman/v1/pair';
/** The plugin's own. */
const SETTINGS = '/tallyman/v1/settings';

export interface JobQuery {
  state: JobState | null;
  connection: string | null;
  kind: string | null;
  failure: string | null;
  cause: string | null;
  batch: string | null;
  since: string | null;
  search: string;
  late: boolean;
  sort: 'newest' | 'oldest';
  page: number;
  perPage: number;
}

export interface DeliveryQuery {
  connection: string | null;
  outcome: DeliveryState | null;
  search: string;
  page: number;
  perPage: number;
}

/** Every address that is read. */
export const PATHS = {
  capabilities: `${SIDECAR}/capabilities`,
  overview: `${SIDECAR}/overview`,
  platforms: `${SIDECAR}/platforms`,
  settings: SETTINGS,
  job: (id: number) => `${SIDECAR}/jobs/${id}`,
  remoteCheck: (id: number) => `${SIDECAR}/jobs/${id}/remote-check`,
  batches: `${SIDECAR}/batches`,
  failures: (connection: string | null) => addQueryArgs(`${SIDECAR}/failures`, { connection: connection ?? undefined }),
  delivery: (id: string) => `${SIDECAR}/deliveries/${encodeURIComponent(id)}`,
  deliveries: (query: DeliveryQuery) =>
    addQueryArgs(`${SIDECAR}/deliveries`, {
      connection: query.connection ?? undefined,
      state: query.outcome ?? undefined,
      search: query.search || undefined,
      page: query.page,
      per_page: query.perPage,
    }),
  articles: (connectionId: string) => `${SIDECAR}/connections/${encodeURIComponent(connectionId)}/articles`,
  jobs: (query: JobQuery) =>
    addQueryArgs(`${SIDECAR}/jobs`, {
      state: query.state ?? undefined,
      connection: query.connection ?? undefined,
      kind: query.kind ?? undefined,
      failure: query.failure ?? undefined,
      cause: query.cause ?? undefined,
      batch: query.batch ?? undefined,
      since: query.since ?? undefined,
      search: query.search || undefined,
      late: query.late ? 1 : undefined,
      sort: query.sort,
      page: query.page,
      per_page: query.perPage,
    }),
};

export function read<T>(path: string, signal: AbortSignal): Promise<T> {
  return apiFetch<T>({ path, signal });
}

export function actOnJob(id: number, action: JobAction): Promise<unknown> {
  return apiFetch({ path: `${PATHS.job(id)}/actions`, method: 'POST', data: action });
}

/** What a press on many would do; nothing is done yet. */
export function draftBatch(input: BatchInput): Promise<BatchDraft> {
  return apiFetch<BatchDraft>({ path: PATHS.batches, method: 'POST', data: { ...input, dryRun: true } });
}

export function startBatch(input: BatchInput): Promise<BatchRow> {
  return apiFetch<BatchRow>({ path: PATHS.batches, method: 'POST', data: input });
}

export function turnBatch(id: string, turn: 'stop' | 'resume'): Promise<BatchRow> {
  const path = `${PATHS.batches}/${encodeURIComponent(id)}/${turn}`;
  return apiFetch<BatchRow>({ path, method: 'POST', data: {} });
}

export function replayDelivery(id: string): Promise<ReplayAnswer> {
  return apiFetch<ReplayAnswer>({ path: `${PATHS.delivery(id)}/replay`, method: 'POST', data: {} });
}

export function testConnection(id: string): Promise<TestAnswer> {
  return apiFetch<TestAnswer>({ path: `${connection(id)}/test`, method: 'POST', data: {} });
}

export function pauseConnection(id: string, reason: string): Promise<unknown> {
  return apiFetch({ path: `${connection(id)}/pause`, method: 'POST', data: { reason } });
}

export function resumeConnection(id: string): Promise<unknown> {
  return apiFetch({ path: `${connection(id)}/resume`, method: 'POST', data: {} });
}

export function createConnection(input: ConnectionInput): Promise<ConnectionRow> {
  return apiFetch<ConnectionRow>({ path: `${SIDECAR}/connections`, method: 'POST', data: input });
}

export function changeConnection(id: string, input: ConnectionInput): Promise<unknown> {
  return apiFetch({ path: connection(id), method: 'PUT', data: input });
}

export function mapArticle(connectionId: string, mapping: ArticleMappingInput): Promise<unknown> {
  return apiFetch({ path: PATHS.articles(connectionId), method: 'POST', data: mapping });
}

export function runSchedule(connectionId: string, name: string): Promise<unknown> {
  return apiFetch({ path: `${SIDECAR}/schedules/run`, method: 'POST', data: { connectionId, name } });
}

export function pair(input: { sidecarUrl: string; code: string; storeCode: string }): Promise<unknown> {
  const data = { sidecar_url: input.sidecarUrl, code: input.code, store_code: input.storeCode };
  return apiFetch({ path: PAIRING, method: 'POST', data });
}

/** @param addresses separated by commas; empty: nobody gets mail. */
export function setAlertMail(addresses: string): Promise<unknown> {
  return apiFetch({ path: SETTINGS, method: 'POST', data: { alert_mail: addresses } });
}

export function unpair(): Promise<unknown> {
  return apiFetch({ path: PAIRING, method: 'DELETE' });
}

function connection(id: string): string {
  return `${SIDECAR}/connections/${encodeURIComponent(id)}`;
}
