/** How many jobs of a connection run side by side: doubles while it has more than it may start, halves when it has less. */
import type { Job } from '../domain/job.js';

const SLOWEST = 2;

export class Pace {
  private readonly width = new Map<string, number>();

  /** @param limit the connection's own. */
  of(connectionId: string, limit: number): number {
    const width = Math.min(limit, this.width.get(connectionId) ?? SLOWEST);
    this.width.set(connectionId, width);
    return width;
  }

  /** @param granted how many each connection might have started; `started` what there was. */
  adjust(granted: ReadonlyMap<string, number>, started: readonly Job[]): void {
    const counts = new Map<string, number>();
    for (const { connectionId } of started) counts.set(connectionId, (counts.get(connectionId) ?? 0) + 1);
    for (const [connectionId, most] of granted) {
      const width = this.width.get(connectionId) ?? SLOWEST;
      const hasMore = (counts.get(connectionId) ?? 0) >= most;
      this.width.set(connectionId, hasMore ? width * 2 : Math.max(SLOWEST, Math.floor(width / 2)));
    }
  }

  connections(): string[] {
    return [...this.width.keys()];
  }
}
