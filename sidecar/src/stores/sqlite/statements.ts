/** Statements whose text depends on what was asked for: each shape is prepared once. */
import type { Database, Statement } from 'better-sqlite3';

/** Shapes are few in practice; somebody who tries out all of them must not fill the memory. */
const MOST_KEPT = 256;

export type Values = Record<string, unknown>;
export type Select = <Row>(text: string, values: Values) => Row[];

export function selectOn(db: Database): Select {
  const kept = new Map<string, Statement<[Values]>>();
  function prepared(text: string): Statement<[Values]> {
    const held = kept.get(text);
    if (held !== undefined) return held;
    if (kept.size >= MOST_KEPT) kept.clear();
    const statement = db.prepare<[Values]>(text);
    kept.set(text, statement);
    return statement;
  }
  return <Row>(text: string, values: Values) => prepared(text).all(values) as Row[];
}
