import { __ } from '@wordpress/i18n';

/** Why a call brought no answer, in the words the screen needs. */
export type Trouble =
  /** The plugin answers, the sidecar does not; `waiting` orders are kept in the shop. */
  | { kind: 'sidecar_unreachable'; message: string; waiting: number | null }
  /** The browser did not reach the shop. */
  | { kind: 'offline'; message: string }
  | { kind: 'signed_out'; message: string }
  | { kind: 'forbidden'; message: string }
  | { kind: 'not_found'; message: string }
  /** The thing changed while the reader looked at it. */
  | { kind: 'moved_on'; message: string }
  | { kind: 'refused'; message: string };

type Kind = Trouble['kind'];

/** The sidecar says `error`, WordPress says `code`; both say `message`. */
const KINDS: Readonly<Record<string, Kind>> = {
  sidecar_unreachable: 'sidecar_unreachable',
  offline_error: 'offline',
  fetch_error: 'offline',
  rest_cookie_invalid_nonce: 'signed_out',
  rest_not_logged_in: 'signed_out',
  rest_forbidden: 'forbidden',
  forbidden: 'forbidden',
  not_found: 'not_found',
  illegal_move: 'moved_on',
};

export function troubleFrom(thrown: unknown): Trouble {
  const facts = factsOf(thrown);
  const kind = KINDS[facts.code] ?? 'refused';
  const message = OWN_WORDS[kind]?.() ?? (facts.message || fallback());
  return kind === 'sidecar_unreachable' ? { kind, message, waiting: facts.waiting } : { kind, message };
}

/** Where the answer of WordPress is written for developers, the screen says it in its own words. */
const OWN_WORDS: Partial<Record<Kind, () => string>> = {
  offline: () => __('Your shop did not answer. Check your internet connection, then try again.', 'tallyman'),
  signed_out: () => __('You are signed out. Reload the page and sign in again.', 'tallyman'),
};

function fallback(): string {
  return __('Your shop gave an answer that this page does not understand. Reload the page.', 'tallyman');
}

function factsOf(thrown: unknown): { code: string; message: string; waiting: number | null } {
  if (typeof thrown !== 'object' || thrown === null) return { code: '', message: '', waiting: null };
  const { error, code, message, data } = thrown as Record<string, unknown>;
  return {
    code: typeof error === 'string' ? error : typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    waiting: waitingIn(data),
  };
}

function waitingIn(data: unknown): number | null {
  if (typeof data !== 'object' || data === null) return null;
  const { waiting } = data as Record<string, unknown>;
  return typeof waiting === 'number' ? waiting : null;
}
