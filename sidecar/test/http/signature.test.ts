import { readFileSync } from 'node:fs';
import { sign, TOLERANCE_SECONDS, verify, type Verdict } from '../../src/http/signature.js';

interface Vector {
  name: string;
  secrets: string[];
  id: string;
  timestamp: number;
  now: number;
  body: string;
  signature: string;
  verdict: Verdict;
  signedWith: string | null;
}
const file = JSON.parse(readFileSync(new URL('../vectors/signature.json', import.meta.url), 'utf8')) as {
  toleranceSeconds: number;
  vectors: Vector[];
};

test('the tolerance is the one of the shared vectors', () => {
  expect(TOLERANCE_SECONDS).toBe(file.toleranceSeconds);
});

test.each(file.vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
  const headers = { id: vector.id, timestamp: String(vector.timestamp), signature: vector.signature };
  expect(verify(headers, Buffer.from(vector.body), vector.secrets, vector.now)).toBe(vector.verdict);
  if (vector.signedWith !== null) {
    expect(sign(vector.signedWith, vector.id, vector.timestamp, vector.body)).toBe(vector.signature);
  }
});

test('without any secret nothing is valid', () => {
  const [vector] = file.vectors;
  const headers = { id: vector!.id, timestamp: String(vector!.timestamp), signature: vector!.signature };
  expect(verify(headers, Buffer.from(vector!.body), [], vector!.now)).toBe('wrong');
});
