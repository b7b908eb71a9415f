import { __, _n, sprintf } from '@wordpress/i18n';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "45 s", "3 min", "2 h", "4 days": one unit, rounded down, as a clerk would say it. */
export function spanWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) {
    /* translators: %d: number of seconds. */
    return sprintf(__('%d s', 'tallyman'), whole);
  }
  if (whole < HOUR) {
    /* translators: %d: number of minutes. */
    return sprintf(__('%d min', 'tallyman'), Math.floor(whole / MINUTE));
  }
  if (whole < 2 * DAY) {
    /* translators: %d: number of hours. */
    return sprintf(__('%d h', 'tallyman'), Math.floor(whole / HOUR));
  }
  const days = Math.floor(whole / DAY);
  /* translators: %d: number of days. */
  return sprintf(_n('%d day', '%d days', days, 'tallyman'), days);
}

/** "2 min ago", "in 3 min", "just now". @param nowMs epoch ms */
export function fromNow(iso: string, nowMs: number): string {
  const seconds = (Date.parse(iso) - nowMs) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) < 5) return __('just now', 'tallyman');
  if (seconds > 0) {
    /* translators: %s: a span of time, e.g. "3 min". */
    return sprintf(__('in %s', 'tallyman'), spanWords(seconds));
  }
  /* translators: %s: a span of time, e.g. "3 min". */
  return sprintf(__('%s ago', 'tallyman'), spanWords(-seconds));
}

/** When something planned happens: a time that has come is "due now", not "2 s ago". */
export function dueWords(iso: string, nowMs: number): string {
  return Date.parse(iso) - nowMs < 1000 ? __('due now', 'tallyman') : fromNow(iso, nowMs);
}

/** How old something is: "4 min". */
export function ageWords(iso: string, nowMs: number): string {
  return spanWords((nowMs - Date.parse(iso)) / 1000);
}

/** "230 ms", "1.4 s", "3 min" */
export function durationWords(ms: number): string {
  if (ms < 1000) {
    /* translators: %d: number of milliseconds. */
    return sprintf(__('%d ms', 'tallyman'), Math.round(ms));
  }
  if (ms < 60_000) {
    /* translators: %s: number of seconds with one decimal. */
    return sprintf(__('%s s', 'tallyman'), (ms / 1000).toFixed(1));
  }
  return spanWords(ms / 1000);
}

/** @param locale as WordPress writes it */
export function clockWords(iso: string, locale: string, detail: 'full' | 'hour' = 'full'): string {
  const options: Intl.DateTimeFormatOptions =
    detail === 'hour' ? { hour: '2-digit', minute: '2-digit' } : { dateStyle: 'medium', timeStyle: 'medium' };
  return new Intl.DateTimeFormat(browserLocale(locale), options).format(Date.parse(iso));
}

/** "de_DE_formal" is no language a browser knows. */
export function browserLocale(locale: string): string | undefined {
  const tag = locale.split('_').slice(0, 2).join('-');
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
