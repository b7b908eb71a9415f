import { expect } from '@playwright/test';
import type {
  BatchList,
  ConnectionRow,
  DeliveryList,
  FailureList,
  JobDetail,
  JobList,
  JobRow,
  OrderView,
  Overview,
} from '../../sidecar/dist/http/api.js';
import type { Sidecar } from '../stack/sidecar.ts';
import { json } from '../stack/visit.ts';

/** The sidecar asked by its own token, past the shop: for what a test wants to know, not for what it shows. */
export type ManagementApi = {
  overview(): Promise<Overview>;
  connections(): Promise<readonly ConnectionRow[]>;
  order(orderId: number): Promise<OrderView>;
  job(jobId: number): Promise<JobDetail>;
  jobs(query: string): Promise<JobList>;
  failures(): Promise<FailureList>;
  batches(): Promise<BatchList>;
  deliveries(query: string): Promise<DeliveryList>;
  pause(connectionId: string, reason: string): Promise<void>;
  resume(connectionId: string): Promise<void>;
  startSchedule(connectionId: string, name: string): Promise<void>;
  /** Starts a schedule and waits until its job has ended. */
  runSchedule(connectionId: string, name: string): Promise<void>;
};

export async function managementApi(sidecar: Sidecar): Promise<ManagementApi> {
  const { stdout } = await sidecar.command('token', 'create', '--name', 'journeys', '--role', 'admin', '--json');
  const { token } = JSON.parse(stdout) as { token: string };

  async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const response = await fetch(`${sidecar.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return json<T>(response, `${method} ${path}`);
  }
  const jobs = (query: string) => ask<JobList>('GET', `/jobs?${query}`);
  const startSchedule = (connectionId: string, name: string) =>
    ask<void>('POST', '/schedules/run', { connectionId, name });

  return {
    overview: () => ask('GET', '/overview'),
    connections: async () => (await ask<{ rows: ConnectionRow[] }>('GET', '/connections')).rows,
    order: (orderId) => ask('GET', `/orders/${orderId}`),
    job: (jobId) => ask('GET', `/jobs/${jobId}`),
    jobs,
    failures: () => ask('GET', '/failures'),
    batches: () => ask('GET', '/batches'),
    deliveries: (query) => ask('GET', `/deliveries?${query}`),
    pause: (connectionId, reason) => ask('POST', `/connections/${connectionId}/pause`, { reason }),
    resume: (connectionId) => ask('POST', `/connections/${connectionId}/resume`, {}),
    startSchedule,
    async runSchedule(connectionId, name) {
      const pressedAt = Date.now();
      await startSchedule(connectionId, name);
      const last = async () => endedAt((await jobs(`kind=${name}&connection=${connectionId}&per_page=1`)).rows[0]);
      await expect.poll(last, { message: `${name} has run`, timeout: 30_000 }).toBeGreaterThanOrEqual(pressedAt);
    },
  };
}

const endedAt = (job: JobRow | undefined): number => (job?.state === 'done' ? Date.parse(job.updatedAt) : 0);
