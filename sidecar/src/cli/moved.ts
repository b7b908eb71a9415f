/** A SQLite store that was moved to PostgreSQL says so itself: started again by accident it would work on an old state. */
import type { Store } from '../stores/store.js';

export const MOVED_TO = 'moved_to';

export interface MovedTo {
  /** Of this move, also kept where it went. */
  id: string;
  /** "the PostgreSQL database tallyman on db.example:5432" */
  name: string;
  /** 'moving': it was begun, and whether it was made is only known there. */
  state: 'moving' | 'moved';
  /** Epoch ms. */
  at: number;
}

export const toMoved = (text: string): MovedTo => JSON.parse(text) as MovedTo;

/** @throws with a sentence when the store is not to be used any more. */
export async function assertNotMoved(store: Pick<Store, 'meta'>, file: string): Promise<void> {
  const text = await store.meta(MOVED_TO);
  if (text === null) return;
  const { name, state, at } = toMoved(text);
  const day = new Date(at).toISOString().slice(0, 10);
  throw new Error(
    state === 'moved'
      ? `The database ${file} was moved to ${name} on ${day}. Set TALLYMAN_DATABASE_URL to work there; to go back to the state before the move, restore the backup made then.`
      : `Moving the database ${file} to ${name} was interrupted on ${day}. Run "tallyman migrate-store" again: it finds out how far it came, and finishes.`,
  );
}
