import type { Api } from './api-scope.js';
import { PROTOCOL, type Capabilities } from './api.js';
import type { HttpWorld } from './world.js';

const FEATURES: Capabilities['features'] = [
  'jobs',
  'connections',
  'orders',
  'articles',
  'schedules',
  'batches',
  'failures',
  'deliveries',
  'alerts',
];

export function capabilityRoutes(api: Api, { version }: HttpWorld): void {
  api.get('/capabilities', async ({ identity }): Promise<Capabilities> => ({
    protocol: PROTOCOL,
    version,
    features: FEATURES,
    role: identity.role,
  }));
}
