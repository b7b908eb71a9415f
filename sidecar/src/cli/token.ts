import { callSidecar } from './local-access.js';

export async function createToken(
  dataDir: string,
  { name, role, json }: { name: string; role: string; json?: true },
): Promise<number> {
  const made = await callSidecar<{ id: string; token: string }>(dataDir, {
    method: 'POST',
    path: '/tokens',
    body: { name, role },
  });
  const text = `${made.token}\n\nThis is shown once. Send it as "Authorization: Bearer <token>".\n`;
  process.stdout.write(json === true ? `${JSON.stringify({ id: made.id, token: made.token, name, role })}\n` : text);
  return 0;
}
