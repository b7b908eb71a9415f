/** Answers in the API's own shapes. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Complaints by field. */
export type Complaints = Record<string, string[]>;

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  /** Decoded JSON; undefined without a body. */
  body: unknown;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent: Reply = { status: 204 };
export const notFound: Reply = { status: 404, body: { code: 404, message: 'Not found' } };
export const unauthorized = (message: string): Reply => ({ status: 401, body: { code: 401, message } });
export const forbidden = (message: string): Reply => ({ status: 403, body: { code: 403, message } });

/** The first complaint is repeated under "0", as the real one does it. */
export function badRequest(complaints: Complaints): Reply {
  const [first = 'Bad request'] = Object.values(complaints).flat();
  return { status: 400, body: { errors: { '0': first, ...complaints } } };
}

export const refused = (message: string): Reply => ({ status: 400, body: { errors: { '0': message } } });

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export function expandOf({ headers }: Asked): Set<string> {
  return new Set((headers['expand'] ?? '').split(',').map((name) => name.trim()));
}

/** page, limit, direction, from, to: the same on every list. */
export function listed<Row>(rows: readonly Row[], { query }: Asked, timeOf: (row: Row) => string): Row[] {
  const limit = Math.min(100, Number(query.get('limit') ?? 50) || 50);
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const from = Date.parse(query.get('from') ?? '');
  const until = endOf(query.get('to'));
  const inRange = rows.filter((row) => {
    const at = Date.parse(timeOf(row));
    return !(at < from) && !(at > until);
  });
  const sorted = query.get('direction') === 'asc' ? inRange : [...inRange].reverse();
  return sorted.slice((page - 1) * limit, page * limit);
}

/** A date means the whole of that day. */
function endOf(to: string | null): number {
  const at = Date.parse(to ?? '');
  return /^\d{4}-\d\d-\d\d$/.test(to ?? '') ? at + 86_400_000 : at;
}
