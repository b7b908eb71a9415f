import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.ts';

const TIMEOUT_MS = 120_000;

type Archive = { readonly url: string; readonly folderInZip: string; readonly targetDir: string };

/** Fetches a zip and puts one of its folders at `targetDir`, which appears whole or not at all. */
export async function download({ url, folderInZip, targetDir }: Archive): Promise<void> {
  const body = await fetchBytes(url);
  const scratch = mkdtempSync(join(dirname(targetDir), '.download-'));
  try {
    writeFileSync(join(scratch, 'archive.zip'), body);
    await unzip(join(scratch, 'archive.zip'), scratch);
    renameSync(join(scratch, folderInZip), targetDir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function fetchBytes(url: string): Promise<Buffer> {
  const host = new URL(url).host;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) => {
    const reason =
      error instanceof Error && error.name === 'TimeoutError' ? 'did not answer in time' : 'cannot be reached';
    throw new Error(`${host} ${reason}.`);
  });
  if (!response.ok) throw new Error(`${host} answered ${response.status} for ${url}.`);
  return Buffer.from(await response.arrayBuffer());
}

/** PHP has to be there anyway, a program called unzip does not. */
export async function unzip(archive: string, targetDir: string): Promise<void> {
  const code = `
    $zip = new ZipArchive();
    if (true !== $zip->open($argv[1]) || !$zip->extractTo($argv[2])) {
      fwrite(STDERR, "The archive cannot be unpacked.");
      exit(1);
    }`;
  await run('php', ['-r', code, '--', archive, targetDir]);
}
