import { memoryStore } from '../../src/stores/memory.js';
import { batteryOfTests } from '../contracts/store/battery.js';

batteryOfTests('memory', memoryStore, { openSecond: (store) => store });
