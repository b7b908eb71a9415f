import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../samples/ewarehousing/', import.meta.url);

/** @returns the exact bytes of a sample. */
export const rawSample = (file: string): Buffer => readFileSync(new URL(file, FOLDER));

export const sample = (file: string): unknown => JSON.parse(rawSample(file).toString('utf8'));
