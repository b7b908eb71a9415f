import { openSqliteStore } from '../../src/stores/sqlite/store.js';
import { batteryOfTests } from '../contracts/store/battery.js';
import { NOON } from '../contracts/store/builders.js';
import { newFile } from './sqlite-file.js';

batteryOfTests('sqlite', () => openSqliteStore({ file: newFile(), now: () => NOON }));
