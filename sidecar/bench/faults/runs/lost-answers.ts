/** The answer to each create is lost: looked up, never sent again blindly. */
import { underLoad } from '../load.js';
import { UNTIL_TWICE, type Patience } from '../settled.js';
import type { FaultRun, Verdict } from '../verdict.js';

const ORDERS = 200;
const FEW = 40;
/** The second try comes after half a minute. */
const SPEED = 15;
/** With each answer lost the breaker opens now and then, for up to an hour of the sidecar's clock. */
const PATIENCE: Patience = { withinMs: 600_000, quietMs: 10_000 };

export const LOST_ANSWER_RUNS: readonly FaultRun[] = [
  {
    id: 'F-lost',
    title: `the answer to each of ${ORDERS} creates is lost`,
    expect: 'clean',
    run: ({ store }) => answersLost(store, ORDERS, 'kept'),
  },
  {
    id: 'F-lost-look-up-out',
    title: 'the same, and the warehouse finds no reference',
    expect: 'caught',
    caughtBy: ['duplicated'],
    run: ({ store }) => answersLost(store, FEW, 'forgotten'),
  },
];

function answersLost(store: 'sqlite' | 'postgres', orders: number, references: 'kept' | 'forgotten'): Promise<Verdict> {
  const faults = { loseAnswerAfterCreate: { next: orders }, forgetReferences: references === 'forgotten' };
  return underLoad({
    world: { store, speed: SPEED, warehouse: { faults } },
    orders,
    plans: 'plain',
    patience: references === 'kept' ? PATIENCE : UNTIL_TWICE,
    trouble: ({ world }) => world.clock.waitReal(1_000),
  });
}
