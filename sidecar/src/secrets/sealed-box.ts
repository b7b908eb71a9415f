/** AES-256-GCM around a connection's secrets. The key id on each row tells which key opens it, so that keys can be changed. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

export interface SealingKey {
  /** First 8 hex digits of the key's sha256: names the key, tells nothing about it. */
  id: string;
  key: Uint8Array;
}

export interface Sealed {
  sealed: Uint8Array;
  keyId: string;
}

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

export type SecretValues = Readonly<Record<string, string>>;

export class UnsealFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsealFailure';
  }
}

/** @param secret 32 bytes, as 64 hex digits or base64. @throws when it is anything else. */
export function sealingKey(secret: string): SealingKey {
  const text = secret.trim();
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length !== 32) throw new Error('The key has to be 32 bytes, written as 64 hex digits or in base64.');
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

/**
 * @param current seals; @param older open what they sealed once.
 * @param chance fills a buffer with random bytes: a nonce must never come twice under one key.
 */
export function sealedBox(current: SealingKey, older: readonly SealingKey[], chance: (bytes: number) => Uint8Array) {
  const keys = new Map([current, ...older].map(({ id, key }) => [id, key]));
  return {
    keyId: current.id,
    /** @param context what it belongs to (the connection's id): a row copied to another connection does not open. */
    seal(values: SecretValues, context: string): Sealed {
      const nonce = chance(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(context));
      const hidden = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()]);
      return { sealed: Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), hidden]), keyId: current.id };
    },
    /** @throws UnsealFailure with a sentence: wrong key, other connection, or damaged. */
    open({ sealed, keyId }: Sealed, context: string): SecretValues {
      const key = keys.get(keyId);
      if (key === undefined) {
        throw new UnsealFailure(
          `The credentials were sealed with key ${keyId}, which is not here. Put TALLYMAN_SECRET_KEY or the key file back.`,
        );
      }
      return opened(Buffer.from(sealed), key, context);
    },
  };
}

export type SealedBox = ReturnType<typeof sealedBox>;

function opened(sealed: Buffer, key: Uint8Array, context: string): SecretValues {
  try {
    if (sealed[0] !== FORMAT) throw new Error('unknown format');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]).toString('utf8');
    return JSON.parse(text) as SecretValues;
  } catch {
    throw new UnsealFailure('The stored credentials do not open: they are damaged or belong to another connection.');
  }
}
