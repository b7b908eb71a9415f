/**
 * The Standard Webhooks scheme, both directions. plugin/src/Sidecar/Signature.php is its twin;
 * test/vectors/signature.json holds both to the same answers.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const TOLERANCE_SECONDS = 300;

export interface SignedHeaders {
  id: string;
  /** Seconds since 1970, as sent. */
  timestamp: string;
  /** "v1,<base64> v1,<base64>": several while keys rotate. */
  signature: string;
}

/** 'stale' only when the signature itself is right: a wrong clock is told to nobody but the key's owner. */
export type Verdict = 'valid' | 'wrong' | 'stale';

export function sign(secret: string, id: string, timestampSeconds: number, body: Uint8Array | string): string {
  return `v1,${mac(secret, id, String(timestampSeconds), body).toString('base64')}`;
}

/**
 * Compares every signature with every secret, in constant time.
 * @param secrets the current one and, for a while after a rotation, the one before. None is a verdict of 'wrong'.
 */
export function verify(
  headers: SignedHeaders,
  body: Uint8Array,
  secrets: readonly string[],
  nowSeconds: number,
): Verdict {
  const given = headers.signature.split(' ').filter((part) => part.startsWith('v1,'));
  let matches = 0;
  for (const secret of secrets) {
    const expected = `v1,${mac(secret, headers.id, headers.timestamp, body).toString('base64')}`;
    for (const one of given) matches += equalInConstantTime(one, expected) ? 1 : 0;
  }
  if (matches === 0 || !/^\d{1,15}$/.test(headers.timestamp)) return 'wrong';
  return Math.abs(nowSeconds - Number(headers.timestamp)) > TOLERANCE_SECONDS ? 'stale' : 'valid';
}

/** Of any two texts: hashing first makes their lengths equal, which timingSafeEqual demands. */
export function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

/** @param chance 32 random bytes. */
export const newSigningSecret = (chance: Uint8Array): string => `whsec_${Buffer.from(chance).toString('base64')}`;

function mac(secret: string, id: string, timestamp: string, body: Uint8Array | string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
