/** Everything the queue takes from outside: clock, timers, chance, ids, log. main.ts hands in the real ones, tests a clock of their own. */
export interface World {
  /** Epoch ms. */
  now(): number;
  /** 0 up to 1. */
  chance(): number;
  newId(): string;
  /** Resolves after `ms`, or at once when the signal is aborted. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs once after `ms`. @returns a function that calls it off. */
  setTimer(ms: number, run: () => void): () => void;
  /** One event with fields; never a payload. */
  log(event: string, fields: LogFields): void;
}

export type LogFields = Record<string, string | number | boolean | null>;
