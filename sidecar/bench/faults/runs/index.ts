/** Every run, in the order of the faults' numbers. */
import { SIMULATION_RUNS } from '../../simulation/runs.js';
import type { FaultRun } from '../verdict.js';
import { CLUSTER_RUNS } from './cluster.js';
import { ENGINE_RUNS } from './engine-trouble.js';
import { KILL_RUNS } from './kills.js';
import { LOST_ANSWER_RUNS } from './lost-answers.js';
import { OUTAGE_RUNS } from './outage.js';
import { PERMUTATION_RUNS } from './permutations.js';
import { POINT_RUNS } from './points.js';
import { POISON_RUNS } from './poison.js';
import { POWER_RUNS } from './power.js';
import { SOAK_RUNS } from './soak.js';
import { UPGRADE_RUNS } from './upgrade.js';

export const RUNS: readonly FaultRun[] = [
  ...KILL_RUNS,
  ...POINT_RUNS,
  ...POWER_RUNS,
  ...SIMULATION_RUNS,
  ...ENGINE_RUNS,
  ...OUTAGE_RUNS,
  ...PERMUTATION_RUNS,
  ...POISON_RUNS,
  ...UPGRADE_RUNS,
  ...SOAK_RUNS,
  ...LOST_ANSWER_RUNS,
  ...CLUSTER_RUNS,
];
