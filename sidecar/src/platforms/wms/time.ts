/** Times come as "+00:00" and as "+0000"; only the first is a format every engine must read. */

/** @returns ISO-8601 UTC, or null when it is no time. */
export function toUtc(time: string | null | undefined): string | null {
  const at = Date.parse((time ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

const DAY_MS = 86_400_000;

/** @returns the date `days` before `time`, as list filters take it. */
export function dateBefore(time: string, days: number): string {
  return new Date(Date.parse(time) - days * DAY_MS).toISOString().slice(0, 10);
}
