/** Rows that can be put back as they were: what a refused unit has written is undone step by step. */
export class Undo {
  private steps: (() => void)[] = [];

  add(step: () => void): void {
    this.steps.push(step);
  }

  /** Everything up to here stands. */
  keep(): void {
    this.steps = [];
  }

  rollBack(): void {
    for (const step of this.steps.reverse()) step();
    this.steps = [];
  }
}

/** A map of values that are replaced, never changed in place. */
export class Table<Row> {
  private readonly rows = new Map<string, Row>();
  private readonly undo: Undo;

  constructor(undo: Undo) {
    this.undo = undo;
  }

  get(...key: KeyPart[]): Row | null {
    return this.rows.get(keyOf(key)) ?? null;
  }

  put(row: Row, ...key: KeyPart[]): void {
    this.remember(keyOf(key));
    this.rows.set(keyOf(key), row);
  }

  drop(...key: KeyPart[]): void {
    this.remember(keyOf(key));
    this.rows.delete(keyOf(key));
  }

  all(): Row[] {
    return [...this.rows.values()];
  }

  private remember(key: string): void {
    const before = this.rows.get(key);
    this.undo.add(() => (before === undefined ? this.rows.delete(key) : this.rows.set(key, before)));
  }
}

type KeyPart = string | number;
const keyOf = (parts: KeyPart[]): string => JSON.stringify(parts);
