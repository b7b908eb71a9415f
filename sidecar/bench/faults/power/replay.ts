/**
 * Plays a log of disk-log.c up to a power cut: what was flushed is there; of the rest any sector may be there or not, in any
 * order, as a drive with a cache leaves it.
 */
import type { Chance } from '../../../src/simulators/wms/chance.js';

export type DiskRecord =
  | { kind: 'open'; file: number; path: string }
  | { kind: 'write'; file: number; offset: number; bytes: Buffer }
  | { kind: 'truncate'; file: number; length: number }
  | { kind: 'syncBegins'; file: number }
  | { kind: 'sync'; file: number }
  | { kind: 'unlink'; path: string };

/** A drive writes so many bytes or none of them. */
const SECTOR = 512;
const HEADER = 17;

/** Each life of a program numbers the files it opens from 1. */
const FILES_A_LIFE = 100_000;

/** @param life sets the files of several logs apart. */
export function readLog(log: Buffer, life: number): DiskRecord[] {
  const records: DiskRecord[] = [];
  for (let at = 0; at < log.length;) {
    const length = log.readUInt32LE(at + 13);
    const payload = log.subarray(at + HEADER, at + HEADER + length);
    const file = life * FILES_A_LIFE + log.readUInt32LE(at + 1);
    records.push(recordOf(String.fromCharCode(log[at] ?? 0), file, log.readBigUInt64LE(at + 5), payload));
    at += HEADER + length;
  }
  return records;
}

function recordOf(kind: string, file: number, offset: bigint, payload: Buffer): DiskRecord {
  switch (kind) {
    case 'o':
      return { kind: 'open', file, path: payload.toString() };
    case 'w':
      return { kind: 'write', file, offset: Number(offset), bytes: payload };
    case 't':
      return { kind: 'truncate', file, length: Number(offset) };
    case 'b':
      return { kind: 'syncBegins', file };
    case 's':
      return { kind: 'sync', file };
    case 'u':
      return { kind: 'unlink', path: payload.toString() };
    default:
      throw new Error(`The log of the disk has a record of an unknown kind: ${kind}`);
  }
}

type Change = Extract<DiskRecord, { kind: 'write' | 'truncate' }>;

interface DiskFile {
  /** As it surely is. */
  flushed: Image;
  /** A file is sure to have its name once it was flushed. */
  exists: 'surely' | 'perhaps';
  unflushed: Change[];
  /** By the opened file that is being flushed: the last change that will be on the disk then. */
  flushing: Map<number, Change | undefined>;
}

export interface AfterCut {
  /** By path; a file that is missing had not reached the disk. */
  files: Map<string, Buffer>;
  /** Written, and not there. */
  droppedBytes: number;
}

/** @param upTo how many records had been made when the power went. */
export function cutPower(records: readonly DiskRecord[], upTo: number, chance: Chance): AfterCut {
  const files = new Map<string, DiskFile>();
  const paths = new Map<number, string>();
  for (const record of records.slice(0, upTo)) applyRecord(files, paths, record);
  const after: AfterCut = { files: new Map(), droppedBytes: 0 };
  for (const [path, file] of files) {
    if (file.exists === 'perhaps' && chance.hits(0.5)) after.droppedBytes += bytesIn(file.unflushed);
    else after.files.set(path, leftOver(file, chance, after));
  }
  return after;
}

function applyRecord(files: Map<string, DiskFile>, paths: Map<number, string>, record: DiskRecord): void {
  if (record.kind === 'unlink') return void files.delete(record.path);
  if (record.kind === 'open') {
    paths.set(record.file, record.path);
    if (!files.has(record.path)) files.set(record.path, newFile());
    return;
  }
  const file = files.get(paths.get(record.file) ?? '');
  if (file === undefined) return;
  if (record.kind === 'syncBegins') return void file.flushing.set(record.file, file.unflushed.at(-1));
  if (record.kind !== 'sync') return void file.unflushed.push(record);
  const last = file.flushing.get(record.file);
  const count = last === undefined ? 0 : file.unflushed.indexOf(last) + 1;
  for (const change of file.unflushed.splice(0, count)) file.flushed.apply(change);
  file.exists = 'surely';
}

const newFile = (): DiskFile => ({ flushed: new Image(), exists: 'perhaps', unflushed: [], flushing: new Map() });

function leftOver(file: DiskFile, chance: Chance, after: AfterCut): Buffer {
  for (const piece of file.unflushed.flatMap(piecesOf)) {
    if (chance.hits(0.5)) file.flushed.apply(piece);
    else after.droppedBytes += bytesIn([piece]);
  }
  return file.flushed.bytes();
}

/** @returns a write as its sectors. */
function piecesOf(change: Change): Change[] {
  if (change.kind === 'truncate') return [change];
  const { file, offset, bytes } = change;
  const pieces: Change[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + SECTOR - ((offset + at) % SECTOR));
    pieces.push({ kind: 'write', file, offset: offset + at, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return pieces;
}

const bytesIn = (changes: readonly Change[]): number =>
  changes.reduce((sum, change) => sum + (change.kind === 'write' ? change.bytes.length : 0), 0);

/** Grows by doubling: a log of the database gets thousands of small writes at its end. */
class Image {
  private held = Buffer.alloc(64 * 1024);
  private length = 0;

  apply(change: Change): void {
    if (change.kind === 'truncate') return this.resize(change.length);
    const end = change.offset + change.bytes.length;
    if (end > this.length) this.resize(end);
    change.bytes.copy(this.held, change.offset);
  }

  bytes(): Buffer {
    return this.held.subarray(0, this.length);
  }

  private resize(length: number): void {
    if (length < this.length) this.held.fill(0, length, this.length);
    while (length > this.held.length) this.held = Buffer.concat([this.held, Buffer.alloc(this.held.length)]);
    this.length = length;
  }
}
