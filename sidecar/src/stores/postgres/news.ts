/**
 * A bell between sidecars. It is rung after the commit and not in it: the server commits transactions that notify one
 * after the other, which would undo the gain of several sidecars. A ring that is lost costs the time until the next look.
 */
import pg from 'pg';
import type { ClientConfig } from 'pg';

/** Rings closer together than this are one. */
const QUIET_MS = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export class News {
  private readonly listeners = new Set<() => void>();
  private client: pg.Client | null = null;
  private state: 'silent' | 'connecting' | 'listening' | 'closed' = 'silent';
  private rung: NodeJS.Timeout | null = null;
  private again: NodeJS.Timeout | null = null;
  private pauseMs = FIRST_PAUSE_MS;

  /** @param channel an identifier. */
  constructor(
    private readonly config: ClientConfig,
    private readonly channel: string,
  ) {}

  onNews(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.state === 'silent') void this.listen();
    return () => void this.listeners.delete(listener);
  }

  /** Tells the others, soon. Nobody who does not listen rings either: it has the store for itself. */
  ring(): void {
    if (this.state !== 'listening' || this.rung !== null) return;
    this.rung = setTimeout(() => {
      this.rung = null;
      this.client?.query(`NOTIFY ${this.channel}`).catch(() => undefined);
    }, QUIET_MS);
    this.rung.unref();
  }

  async close(): Promise<void> {
    this.state = 'closed';
    if (this.rung !== null) clearTimeout(this.rung);
    if (this.again !== null) clearTimeout(this.again);
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    this.state = 'connecting';
    const client = new pg.Client(this.config);
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ processId }) => {
      if (processId !== ownProcess(client)) this.tell();
    });
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel}`);
      if (this.isClosed()) return;
      this.state = 'listening';
      this.pauseMs = FIRST_PAUSE_MS;
      // Whatever happened while nobody listened.
      this.tell();
    } catch {
      this.lost(client);
    }
  }

  private lost(client: pg.Client): void {
    if (client !== this.client || this.isClosed()) return;
    this.client = null;
    this.state = 'connecting';
    client.end().catch(() => undefined);
    this.again = setTimeout(() => void this.listen(), this.pauseMs);
    this.again.unref();
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private isClosed(): boolean {
    return this.state === 'closed';
  }
}

/** Every session hears its own rings too. The types do not name it. */
function ownProcess(client: pg.Client): number | null {
  return (client as unknown as { processID: number | null }).processID;
}
