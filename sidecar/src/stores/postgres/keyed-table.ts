/** A table of the schema as units work on it: read by key, changed here, written back in one statement a kind of change. */
import type { Rows, Statement } from './session.js';
import type { Reader, Wants } from './wants.js';
import { byKey } from './sql.js';
import { array, holdable, texts } from './values.js';
import type { ColumnType, Value } from './values.js';
import { NotRead, WorkingRows } from './working-rows.js';
import type { Undo } from './working-rows.js';

export interface Shape<Row> {
  table: string;
  /** Columns of the primary key; all are text but those said otherwise in `types`. */
  key: readonly (keyof Row & string)[];
  /** Every column but the key's. */
  others: readonly (keyof Row & string)[];
  /** What units have to see of a row; all of it unless said. */
  reads?: readonly (keyof Row & string)[];
  types: Partial<Record<keyof Row, ColumnType>>;
  /** Left as they are on a row that exists. */
  onlyNew?: readonly (keyof Row & string)[];
}

export class KeyedTable<Row> {
  private readonly wanted: Map<string, readonly string[]>;
  private readonly rows: WorkingRows<Row>;
  private readonly sql: TableSql;

  constructor(
    undo: Undo,
    private readonly wants: Wants,
    private readonly shape: Shape<Row>,
  ) {
    this.wanted = wants.of(shape.table);
    this.rows = new WorkingRows<Row>(undo);
    this.sql = sqlOf(shape);
  }

  /** It will be asked for and changed: nobody else may change it meanwhile. */
  want(...key: string[]): void {
    this.wants.locks.add(this.nameOf(key));
    this.look(...key);
  }

  /** It will be asked for; changing it is still to be announced by `want`. */
  look(...key: string[]): void {
    this.wanted.set(this.nameOf(key), key);
  }

  get(...key: string[]): Row | null {
    const name = this.nameOf(key);
    if (!this.rows.isRead(name)) throw new NotRead(() => this.want(...key));
    return this.rows.get(name);
  }

  put(row: Row, ...key: string[]): void {
    this.rows.put(this.nameOf(key), row);
  }

  /** @throws NotRead when it was only looked at. */
  putLocked(row: Row, ...key: string[]): void {
    if (!this.wants.locks.has(this.nameOf(key))) throw new NotRead(() => this.want(...key));
    this.put(row, ...key);
  }

  drop(...key: string[]): void {
    this.rows.put(this.nameOf(key), null);
  }

  readers(): Reader[] {
    const keys = [...this.wanted];
    if (keys.length === 0) return [];
    const columns = this.shape.key.map((_, index) => texts(keys.map(([, key]) => key[index] ?? '')));
    const receive = ({ rows }: Rows): void => {
      for (const [name] of keys) this.rows.read(name, null);
      for (const { n, ...row } of rows) this.rows.read(keys[Number(n) - 1]?.[0] ?? '', row as Row);
    };
    return [{ statement: { ...this.sql.read, values: columns }, receive }];
  }

  writers(): Statement[] {
    if (!this.rows.isChanged) return [];
    const put: Row[] = [];
    const dropped: string[][] = [];
    for (const [name, row] of this.rows.changes()) {
      if (row === null) dropped.push(name.split(SEPARATOR).slice(1));
      else put.push(row);
    }
    const statements: Statement[] = [];
    if (dropped.length > 0) {
      const columns = this.shape.key.map((_, index) => texts(dropped.map((key) => key[index] ?? '')));
      statements.push({ ...this.sql.drop, values: columns });
    }
    if (put.length > 0) statements.push({ ...this.sql.put, values: this.columnsOf(put) });
    return statements;
  }

  private columnsOf(rows: readonly Row[]): string[] {
    return [...this.shape.key, ...this.shape.others].map((column) => array(rows.map((row) => row[column] as Value)));
  }

  private nameOf(key: readonly string[]): string {
    return nameOf(this.shape.table, ...key);
  }
}

const SEPARATOR = '\0';

/** The separator is never part of a key: the server could not hold it. */
export function nameOf(what: string, ...key: string[]): string {
  let name = what;
  for (const part of key) name += SEPARATOR + holdable(part);
  return name;
}

type TableSql = Record<'read' | 'put' | 'drop', Omit<Statement, 'values'>>;
const made = new Map<string, TableSql>();

function sqlOf<Row>(shape: Shape<Row>): TableSql {
  const known = made.get(shape.table);
  if (known !== undefined) return known;
  const sql = { read: readSql(shape), put: putSql(shape), drop: dropSql(shape) };
  made.set(shape.table, sql);
  return sql;
}

function readSql<Row>({ table, key, others, reads = [...key, ...others] }: Shape<Row>): Omit<Statement, 'values'> {
  return { name: `read_${table}`, text: byKey(table, key.map(quoted), reads.map(quoted).join(', ')) };
}

function putSql<Row>({ table, key, others, types, onlyNew = [] }: Shape<Row>): Omit<Statement, 'values'> {
  const columns = [...key, ...others];
  const arrays = columns.map((column, index) => `$${index + 1}::${types[column] ?? 'text'}[]`);
  const changes = others
    .filter((column) => !onlyNew.includes(column))
    .map((one) => `${quoted(one)} = excluded.${quoted(one)}`);
  const text = `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})
    ON CONFLICT (${key.map(quoted).join(', ')}) DO UPDATE SET ${changes.join(', ')}`;
  return { name: `put_${table}`, text };
}

function dropSql<Row>({ table, key }: Shape<Row>): Omit<Statement, 'values'> {
  const match = key.map((column, index) => `t.${quoted(column)} = k.k${index}`).join(' AND ');
  const text = `DELETE FROM ${table} t USING unnest(${key.map((_, index) => `$${index + 1}::text[]`).join(', ')})
    AS k(${key.map((_, index) => `k${index}`).join(', ')}) WHERE ${match}`;
  return { name: `drop_${table}`, text };
}

const quoted = (column: string): string => `"${column}"`;
