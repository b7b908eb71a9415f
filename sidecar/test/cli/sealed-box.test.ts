import { mkdtempSync, readFileSync, rmSync, statSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { keyFilePath, keyFromFile } from '../../src/secrets/key-file.js';
import { sealedBox, sealingKey, UnsealFailure } from '../../src/secrets/sealed-box.js';
import { vault } from '../../src/secrets/vault.js';
import { memoryStore } from '../../src/stores/memory.js';

const chance = (bytes: number) => randomBytes(bytes);
const oldKey = sealingKey('ab'.repeat(32));
const newKey = sealingKey(Buffer.alloc(32, 7).toString('base64'));
const SECRETS = { username: 'api', password: 'grüße🧥' };

test('what was sealed opens again, and shows nothing of itself', () => {
  const box = sealedBox(newKey, [], chance);
  const sealed = box.seal(SECRETS, 'north');
  expect(box.open(sealed, 'north')).toEqual(SECRETS);
  expect(Buffer.from(sealed.sealed).toString('utf8')).not.toContain('grüße');
});

test('the same secrets sealed twice look different', () => {
  const box = sealedBox(newKey, [], chance);
  expect(Buffer.from(box.seal(SECRETS, 'north').sealed)).not.toEqual(Buffer.from(box.seal(SECRETS, 'north').sealed));
});

test('every flipped bit is noticed', () => {
  const box = sealedBox(newKey, [], chance);
  const { sealed, keyId } = box.seal({ a: 'b' }, 'north');
  for (let byte = 0; byte < sealed.length; byte += 1) {
    const damaged = Uint8Array.from(sealed);
    damaged[byte] = (damaged[byte] ?? 0) ^ 1;
    expect(() => box.open({ sealed: damaged, keyId }, 'north')).toThrow(UnsealFailure);
  }
});

test('a row copied to another connection does not open', () => {
  const box = sealedBox(newKey, [], chance);
  expect(() => box.open(box.seal(SECRETS, 'north'), 'south')).toThrow('belong to another connection');
});

test('after a change of keys the old rows open, and new ones name the new key', () => {
  const before = sealedBox(oldKey, [], chance).seal(SECRETS, 'north');
  const box = sealedBox(newKey, [oldKey], chance);
  expect(box.open(before, 'north')).toEqual(SECRETS);
  expect(box.seal(SECRETS, 'north').keyId).toBe(newKey.id);
  expect(newKey.id).not.toBe(oldKey.id);
});

test('a missing key is named, so that it can be put back', () => {
  const before = sealedBox(oldKey, [], chance).seal(SECRETS, 'north');
  expect(() => sealedBox(newKey, [], chance).open(before, 'north')).toThrow(
    new RegExp(`key ${oldKey.id}.*TALLYMAN_SECRET_KEY`),
  );
});

test.each(['', 'short', 'zz'.repeat(32), Buffer.alloc(31).toString('base64')])('"%s" is no key', (text) => {
  expect(() => sealingKey(text)).toThrow('32 bytes');
});

describe('the key file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallyman-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, for its user alone, and read from then on', () => {
    const key = keyFromFile(folder, chance);
    expect(sealingKey(key).key).toHaveLength(32);
    expect(statSync(keyFilePath(folder)).mode & 0o777).toBe(0o600);
    expect(keyFromFile(folder, chance)).toBe(key);
    expect(readFileSync(keyFilePath(folder), 'utf8').trim()).toBe(key);
  });

  test('that others may read is refused with what to do', () => {
    keyFromFile(folder, chance);
    chmodSync(keyFilePath(folder), 0o644);
    expect(() => keyFromFile(folder, chance)).toThrow('chmod 600');
  });
});

test('of two who replace the same credentials the second is refused', async () => {
  const kept = vault(memoryStore(), sealedBox(newKey, [], chance), () => 1);
  const port = kept.port('north');
  expect(await port.replace({ token: '1' }, 0)).toBe(true);
  const seen = await port.read();
  expect(await port.replace({ token: '2' }, seen.version)).toBe(true);
  expect(await port.replace({ token: '3' }, seen.version)).toBe(false);
  expect((await port.read()).values).toEqual({ token: '2' });
});
