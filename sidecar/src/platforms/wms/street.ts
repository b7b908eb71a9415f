/** The warehouse wants the house number apart; WooCommerce has it in the street's line. */

export interface Street {
  street: string;
  number: string;
  addition: string;
}

/** Where the number stands behind the street. Elsewhere ("12 rue X", "5 Main St") the line is left whole. */
const NUMBER_LAST = new Set([
  ...['NL', 'BE', 'DE', 'AT', 'CH', 'LI', 'DK', 'SE', 'NO', 'FI', 'IS', 'EE', 'LV', 'LT'],
  ...['PL', 'CZ', 'SK', 'HU', 'SI', 'HR', 'IT', 'ES', 'PT', 'GR'],
]);

/** Lazy, so that the number is the first one after which only an addition follows: "Plein 1940-1945 7 bis". */
const STREET_AND_NUMBER =
  /^(?<street>\D.*?|\d+\S*\D.*?)[\s,]+(?<number>\d{1,5})(?<addition>\s*[-/]?\s*[a-z]{1,4}\.?\s?\d{0,3}|\s*[-/]\s*\d{1,4}\s?[a-z]?)?$/iu;
const NUMBER_ALONE = /^(?<number>\d{1,5})(?<addition>\s*[-/]?\s*[a-z]{0,4}\d{0,3})$/iu;

/** @returns the line split where that is safe; otherwise all of it as street and no number, which a picker still reads right. */
export function splitStreet(line1: string, line2: string, country: string): Street & { rest: string } {
  const line = line1.trim();
  const rest = line2.trim();
  const whole = { street: line, number: '', addition: '', rest };
  if (!NUMBER_LAST.has(country.toUpperCase())) return whole;
  const inLine = parts(STREET_AND_NUMBER.exec(line));
  if (inLine !== null) return { ...inLine, rest };
  // Checkouts with a field of its own for the number often put it into the second line.
  const second = /\d/.test(line) ? null : parts(NUMBER_ALONE.exec(rest));
  return second === null ? whole : { ...second, street: line, rest: '' };
}

function parts(match: RegExpExecArray | null): Street | null {
  if (match === null) return null;
  const { street = '', number = '', addition = '' } = match.groups ?? {};
  return { street: street.trim(), number, addition: addition.replace(/^[\s\-/]+/, '').trim() };
}
