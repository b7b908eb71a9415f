import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { NOON } from '../contracts/store/builders.js';
import { sameAsMemory } from './same-as-memory/days.js';
import { newFile } from './sqlite-file.js';

const RUNS = 60;
/** A second or two; a busy machine takes its time before a hang is called one. */
const PATIENCE_MS = 120_000;

test(
  'whatever happens, SQLite and memory hold the same',
  () => sameAsMemory(() => openSqliteStore({ file: newFile(), now: () => NOON }), RUNS),
  PATIENCE_MS,
);
