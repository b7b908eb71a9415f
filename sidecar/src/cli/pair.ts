import { callSidecar, readAccess } from './local-access.js';

interface Code {
  code: string;
  expiresAt: string;
  publicUrl: string | null;
}

export async function pair(dataDir: string, form: 'text' | 'json'): Promise<number> {
  const { code, expiresAt, publicUrl } = await callSidecar<Code>(dataDir, {
    method: 'POST',
    path: '/pairing-codes',
    body: {},
  });
  const address = publicUrl ?? readAccess(dataDir)?.url ?? '';
  if (form === 'json') process.stdout.write(`${JSON.stringify({ code, expiresAt, address })}\n`);
  else process.stdout.write(instructions(code, expiresAt, address));
  return 0;
}

function instructions(code: string, expiresAt: string, address: string): string {
  return [
    `Code: ${code}`,
    '',
    `It works once, until ${expiresAt.slice(11, 16)} UTC. In the shop open WooCommerce → Tallyman, press Pair, and enter`,
    `  the address of the sidecar   ${address}`,
    `  the code                     ${code}`,
    '  a store code                 letters and digits that start each reference at the warehouse, e.g. NL1',
    '',
  ].join('\n');
}
