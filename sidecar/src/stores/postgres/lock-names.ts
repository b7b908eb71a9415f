/** Names as the server's advisory locks know them: two numbers of 32 bits. Two names with one number only wait for each other. */
import { numbers } from './values.js';

/** @returns the columns of all names, in one order for everybody. */
export function lockColumns(names: Iterable<string>): [string, string] {
  const hashes = [...names].map(hashed).sort(([a1, b1], [a2, b2]) => a1 - a2 || b1 - b2);
  return [numbers(hashes.map(([a]) => a)), numbers(hashes.map(([, b]) => b))];
}

/** FNV-1a in two lanes that start differently: spread is all that is asked of it. */
export function hashed(name: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x2f0b4c47;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ (a >>> 15), 0x5bd1e995);
  }
  return [a | 0, (b ^ (b >>> 13)) | 0];
}
