/**
 * Of those who share a store one leads, and it alone does what must be done once: schedules, services. It says so every few
 * seconds; when it falls silent another takes over. A single owner always leads.
 */
import type { Store } from '../stores/store.js';
import type { Service } from './services.js';
import type { World } from './world.js';

/** A leader that is silent for so long has lost the lead: with RENEW_MS, ASK_MS and a schedule's own second it stays under 15 s. */
const LEAD_MS = 10_000;
const RENEW_MS = 3_000;
/** Who waits asks this often, so that after a clean stop the next is there at once. */
const ASK_MS = 1_000;

interface Deps {
  store: Pick<Store, 'lead' | 'resign'>;
  world: World;
  /** Of this process alone. */
  owner: string;
}

export class Leader {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private heldUntil = Number.NEGATIVE_INFINITY;
  private onDuty: readonly Service[] = [];
  private leaving: Promise<unknown> = Promise.resolve();

  /** @param duties made anew each time the lead is taken. */
  constructor(
    private readonly deps: Deps,
    private readonly role: string,
    private readonly duties: () => readonly Service[],
  ) {}

  /** Whether this process may act as the leader now; a leader that cannot reach the store ends by its own clock. */
  get leads(): boolean {
    return this.heldUntil > this.deps.world.now();
  }

  start(): void {
    this.loop = this.watch();
  }

  /** Gives the lead up, so that another has it at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    const led = this.leads;
    this.leave();
    await this.leaving;
    if (led) await this.resign();
  }

  private async resign(): Promise<void> {
    const { store, world, owner } = this.deps;
    try {
      await store.resign(this.role, owner);
    } catch (error) {
      // The lead ends by itself; what still runs here must be let end all the same.
      world.log('leader.trouble', { role: this.role, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.ask();
      if (this.leads) this.enter();
      else this.leave();
      await this.deps.world.wait(this.restMs(), this.stopping.signal);
    }
  }

  /** A leader that cannot renew looks at the end of its time at the latest: its services end with it. */
  private restMs(): number {
    return this.leads ? Math.min(RENEW_MS, this.heldUntil - this.deps.world.now()) : ASK_MS;
  }

  private async ask(): Promise<void> {
    const { store, world, owner } = this.deps;
    const now = world.now();
    try {
      this.heldUntil = (await store.lead(this.role, owner, now, LEAD_MS)) ? now + LEAD_MS : Number.NEGATIVE_INFINITY;
    } catch (error) {
      // Whoever led goes on until its time is over; nobody else can have taken over before.
      world.log('leader.trouble', { role: this.role, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private enter(): void {
    if (this.onDuty.length > 0) return;
    this.deps.world.log('leader.took_over', { role: this.role, owner: this.deps.owner });
    this.onDuty = this.duties();
    for (const service of this.onDuty) service.start();
  }

  /** Not waited for: a service that hangs in a store that hangs must not keep us from asking again. */
  private leave(): void {
    this.heldUntil = Number.NEGATIVE_INFINITY;
    if (this.onDuty.length === 0) return;
    this.deps.world.log('leader.left', { role: this.role, owner: this.deps.owner });
    this.leaving = Promise.all(this.onDuty.map((service) => service.stop()));
    this.onDuty = [];
  }
}
