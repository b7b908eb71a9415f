/** What may be stored or logged: no secrets and no personal data, cut to a length. */

export const EXCERPT_LENGTH = 500;
/** Longer texts are cut before they are searched: an answer may be megabytes long. */
const SEARCHED_LENGTH = 20_000;
const SECRET = '[secret]';
const PERSONAL = '[personal]';
const MAX_DEPTH = 12;

const SECRET_KEYS =
  /pass(word|wd|phrase)?$|secret|token|authorization|cookie|api[-_]?key|consumer[-_]?key|credential|signature|private[-_]?key/i;
const PERSONAL_KEYS =
  /name$|^addressed[-_]?to$|contact|e?mail|phone|mobile|fax|street|address|zip|post(al)?[-_]?code|^city$|company|^note$|customer[-_]?note|^line[12]$/i;
/** `name`s of things, which explain an error and identify nobody. */
const HARMLESS_KEYS = /^(code|field|parameter|property|error|event|file|host|kind|status|type)[-_]?name$/i;

/** Lengths are bounded: a long text without a hit must not be searched again from each of its characters. */
const TEXT_RULES: readonly (readonly [RegExp, string])[] = [
  [/\bwhsec_[\w+/=-]+/g, SECRET],
  [/\b[cs]k_[A-Za-z0-9]{6,}/g, SECRET],
  [/\bcs_[A-Za-z0-9]{6,}/g, SECRET],
  [/\beyJ[\w-]{2,4000}\.[\w-]+(\.[\w-]*)?/g, SECRET],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${SECRET}`],
  [/(:\/\/)[^\s/:@]+:[^\s/@]+@/g, `$1${SECRET}@`],
  [/\b((?:set-)?cookie\s*:\s*)[^\r\n]+/gi, `$1${SECRET}`],
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key|consumer[-_]?key|signature)["']?\s*[=:]\s*["']?)(?!\[secret\])[^\s"'&,;}]+/gi,
    `$1${SECRET}`,
  ],
  [/[^\s"'<>()[\]:,;=@]{1,64}@[^\s"'<>()[\]:,;@]{1,250}\.[A-Za-z]{2,}/g, PERSONAL],
  // International or with a leading zero; bare digits are ids more often than telephone numbers.
  [/(?<![\w-])(?:\+|00)[1-9][\d ()/.-]{6,}\d/g, PERSONAL],
  [/(?<![\w.:+-])\(?0[1-9][\d() /-]{6,}\d(?![\w:])/g, PERSONAL],
];

/** @returns `text` without secrets and personal data, at most `maxLength` characters. JSON is read by its keys. */
export function redactText(text: string, maxLength: number = EXCERPT_LENGTH): string {
  return shortened(redactJson(text) ?? redactPlain(withoutPersonalPairs(text.slice(0, SEARCHED_LENGTH))), maxLength);
}

/** @returns a copy of a decoded value in which secret and personal fields are replaced; texts are searched as well. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactPlain(value.slice(0, SEARCHED_LENGTH));
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactField(key, inner, depth + 1)]));
}

function redactField(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === '') return value;
  if (SECRET_KEYS.test(key)) return SECRET;
  if (!isPersonal(key)) return redactValue(value, depth);
  // An address block is walked, so that its country and the structure of the answer stay readable.
  return typeof value === 'object' && !Array.isArray(value) ? redactValue(value, depth) : PERSONAL;
}

function isPersonal(key: string): boolean {
  return PERSONAL_KEYS.test(key) && !HARMLESS_KEYS.test(key);
}

function redactJson(text: string): string | null {
  if (text.length > SEARCHED_LENGTH || !/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.stringify(redactValue(JSON.parse(text)));
  } catch {
    return null;
  }
}

/** Cut-off JSON does not parse; its pairs are still recognisable. */
function withoutPersonalPairs(text: string): string {
  return text.replace(/"([\w-]+)"(\s*:\s*)"(?:[^"\\]|\\.)*"?/g, (pair: string, key: string, colon: string) => {
    if (SECRET_KEYS.test(key)) return `"${key}"${colon}"${SECRET}"`;
    return isPersonal(key) ? `"${key}"${colon}"${PERSONAL}"` : pair;
  });
}

function redactPlain(text: string): string {
  return TEXT_RULES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
