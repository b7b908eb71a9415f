/** The OpenAPI document of this version, made from its routes; nothing is opened or listened on. */
import { pino } from 'pino';
import { openApiDocument } from '../http/openapi.js';
import { createServer } from '../http/server.js';
import type { HttpWorld } from '../http/world.js';
import { ownVersion } from './version.js';

/** @returns docs/openapi.json, whole. */
export async function describeApi(): Promise<string> {
  // Routes ask their world for something only when they are called.
  const world = { version: ownVersion(), logger: pino({ level: 'silent' }), now: () => 0, newId: () => '' };
  const server = createServer(world as unknown as HttpWorld);
  await server.ready();
  const text = `${JSON.stringify(openApiDocument(server), null, 2)}\n`;
  await server.close();
  return text;
}
