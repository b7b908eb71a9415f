/** How commands reach the running sidecar: a file in the data folder that only its user can read, new at each start. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ApiError } from '../http/api.js';
import { accessFile } from './data-folder.js';

export interface LocalAccess {
  url: string;
  token: string;
}

export function writeAccess(dataDir: string, access: LocalAccess): void {
  const file = accessFile(dataDir);
  // Removed first: the mode counts only for a file that is made.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(access), { mode: 0o600, flag: 'wx' });
}

export function removeAccess(dataDir: string): void {
  rmSync(accessFile(dataDir), { force: true });
}

/** What goes wrong for a reason the user can mend: printed as a sentence, without a stack. */
export class CommandFailure extends Error {}

export const notRunning = (dataDir: string): CommandFailure =>
  new CommandFailure(
    `No sidecar is running on the data folder ${dataDir}. Start it with "tallyman serve", or name its folder with TALLYMAN_DATA_DIR.`,
  );

export function readAccess(dataDir: string): LocalAccess | null {
  try {
    return JSON.parse(readFileSync(accessFile(dataDir), 'utf8')) as LocalAccess;
  } catch {
    return null;
  }
}

export interface ApiCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
}

/** Calls the running sidecar's management API. @throws CommandFailure with the sidecar's own sentence. */
export async function callSidecar<T>(dataDir: string, { method, path, body }: ApiCall): Promise<T> {
  const access = readAccess(dataDir);
  if (access === null) throw notRunning(dataDir);
  const headers = {
    authorization: `Bearer ${access.token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const answer = await fetch(`${access.url}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? null : JSON.stringify(body),
  }).catch(() => {
    throw notRunning(dataDir);
  });
  const json: unknown = await answer.json().catch(() => null);
  if (!answer.ok)
    throw new CommandFailure((json as ApiError | null)?.message ?? `The sidecar answered ${answer.status}.`);
  return json as T;
}
