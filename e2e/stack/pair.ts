import type { Sidecar } from './sidecar.ts';
import type { Employee } from './staff.ts';

export const STORE_CODE = 'OAK';

/** Makes shop and sidecar known to each other, as the settings screen does it. */
export async function pair(admin: Employee, sidecar: Sidecar): Promise<void> {
  await admin.rest('POST', '/tallyman/v1/pair', {
    sidecar_url: sidecar.url,
    code: await pairingCode(sidecar),
    store_code: STORE_CODE,
  });
}

/** The one-time code, as the command prints it. */
export async function pairingCode(sidecar: Sidecar): Promise<string> {
  const { stdout } = await sidecar.command('pair', '--json');
  return (JSON.parse(stdout) as { code: string }).code;
}
