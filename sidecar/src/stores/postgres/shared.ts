/** For several who share the database: who leads, and the calls left in each connection's bucket. */
import { closedFor, granted } from '../../domain/call-grant.js';
import type { Bucket } from '../../domain/token-bucket.js';
import type { CallGrant, CallRequest, Store } from '../store.js';
import type { Reading } from './reading.js';

interface BucketRow {
  tokens: number;
  counted_at: number;
  closed_until: number;
  version: number;
}

const LEAD = `INSERT INTO leads (role, owner, until) VALUES ($1, $2, $3)
  ON CONFLICT (role) DO UPDATE SET owner = excluded.owner, until = excluded.until
  WHERE leads.owner = excluded.owner OR leads.until <= $4 RETURNING 1`;
const READ = 'SELECT tokens, counted_at, closed_until, version FROM buckets WHERE connection_id = $1';
/** Written only over the version that was read: of two who take at the same moment one looks again. */
const WRITE = `INSERT INTO buckets (connection_id, tokens, counted_at, closed_until, version) VALUES ($1, $2, $3, $4, 1)
  ON CONFLICT (connection_id) DO UPDATE SET tokens = excluded.tokens, counted_at = excluded.counted_at,
    closed_until = excluded.closed_until, version = buckets.version + 1
  WHERE buckets.version = $5 RETURNING version`;

export function sharedOf(reading: Reading) {
  const buckets = new Buckets(reading);
  return {
    lead: async (role, owner, now, forMs) =>
      (await reading.rows(LEAD, [role, owner, now + forMs, now], 'lead')).length === 1,
    resign: async (role, owner) =>
      void (await reading.rows('DELETE FROM leads WHERE role = $1 AND owner = $2', [role, owner], 'resign')),
    takeCalls: (request) => buckets.take(request),
    closeCalls: (connectionId, spec, until) =>
      buckets.change(connectionId, (bucket) => ({ bucket: closedFor(bucket, spec, until), answer: undefined })),
  } satisfies Partial<Store>;
}

type Step<Answer> = (bucket: Bucket | null) => { bucket: Bucket; answer: Answer };

class Buckets {
  /** As this process wrote it last: right as long as nobody else has. */
  private readonly known = new Map<string, BucketRow>();
  /** One at a time for each connection, so that this process does not get into its own way. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly reading: Reading) {}

  take(request: CallRequest): Promise<CallGrant> {
    return this.change(request.connectionId, (held) => {
      const { bucket, ...grant } = granted(held, request);
      return { bucket, answer: grant };
    });
  }

  change<Answer>(connectionId: string, step: Step<Answer>): Promise<Answer> {
    const before = this.turns.get(connectionId) ?? Promise.resolve();
    const turn = before.then(() => this.changeNow(connectionId, step));
    const quiet = turn.catch(() => undefined);
    this.turns.set(connectionId, quiet);
    return turn;
  }

  private async changeNow<Answer>(connectionId: string, step: Step<Answer>): Promise<Answer> {
    for (let row = this.known.get(connectionId) ?? null; ; row = await this.read(connectionId)) {
      const { bucket, answer } = step(row === null ? null : toBucket(row));
      const version = await this.write(connectionId, bucket, row?.version ?? 0);
      if (version === null) continue;
      this.known.set(connectionId, { ...fromBucket(bucket), version });
      return answer;
    }
  }

  private read(connectionId: string): Promise<BucketRow | null> {
    return this.reading.first<BucketRow>(READ, [connectionId], 'bucket');
  }

  private async write(connectionId: string, bucket: Bucket, version: number): Promise<number | null> {
    const { tokens, counted_at, closed_until } = fromBucket(bucket);
    const values = [connectionId, tokens, counted_at, closed_until, version];
    return (await this.reading.first<{ version: number }>(WRITE, values, 'put_bucket'))?.version ?? null;
  }
}

function toBucket({ tokens, counted_at, closed_until }: BucketRow): Bucket {
  return { tokens, countedAt: counted_at, closedUntil: closed_until };
}

function fromBucket({ tokens, countedAt, closedUntil }: Bucket): Omit<BucketRow, 'version'> {
  return { tokens, counted_at: Math.ceil(countedAt), closed_until: Math.ceil(closedUntil) };
}
