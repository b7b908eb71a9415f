/** Rows a transaction works on, held here between reading and writing them. What a refused unit changed is put back alone. */
export class Undo {
  private steps: (() => void)[] = [];

  add(step: () => void): void {
    this.steps.push(step);
  }

  /** Everything up to here stands. */
  keep(): void {
    this.steps.length = 0;
  }

  rollBack(): void {
    for (const step of this.steps.reverse()) step();
    this.steps.length = 0;
  }
}

/** Thrown when a unit turns to something that was not read or locked: it is added, and all start again. */
export class NotRead extends Error {
  constructor(readonly add: () => void) {
    super('Not read yet.');
  }
}

export class WorkingRows<Row, Key = string> {
  private readonly held = new Map<Key, Row | null>();
  private readonly changed = new Map<Key, Row | null>();

  constructor(private readonly undo: Undo) {}

  /** As the database has it. */
  read(key: Key, row: Row | null): void {
    this.held.set(key, row);
  }

  isRead(key: Key): boolean {
    return this.changed.has(key) || this.held.has(key);
  }

  get(key: Key): Row | null {
    const changed = this.changed.get(key);
    return changed === undefined ? (this.held.get(key) ?? null) : changed;
  }

  /** Null drops it. */
  put(key: Key, row: Row | null): void {
    const before = this.changed.get(key);
    this.undo.add(() => (before === undefined ? this.changed.delete(key) : this.changed.set(key, before)));
    this.changed.set(key, row);
  }

  /** What the database had, under the keys whose rows are other ones now. */
  before(key: Key): Row | null {
    return this.held.get(key) ?? null;
  }

  changes(): Iterable<[Key, Row | null]> {
    return this.changed;
  }

  get isChanged(): boolean {
    return this.changed.size > 0;
  }
}
