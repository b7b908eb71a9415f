/**
 * Loaded before the sidecar: its clock and timers run FAULTS_CLOCK_SPEED times as fast as the machine's, so that an outage of
 * half an hour passes in half a minute. The simulators count the same time (faults/clock.ts).
 */
const speed = Number(process.env.FAULTS_CLOCK_SPEED);
const origin = Number(process.env.FAULTS_CLOCK_ORIGIN);
const RealDate = Date;
const now = () => Math.round(origin + (RealDate.now() - origin) * speed);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [now()] : given));
  }
  static now() {
    return now();
  }
};

const { setTimeout: realTimeout, setInterval: realInterval } = globalThis;
globalThis.setTimeout = (run, ms = 0, ...given) => realTimeout(run, ms / speed, ...given);
globalThis.setInterval = (run, ms = 0, ...given) => realInterval(run, ms / speed, ...given);
// util.promisify(setTimeout) is looked up on the function.
for (const key of Object.getOwnPropertySymbols(realTimeout)) globalThis.setTimeout[key] = realTimeout[key];
