/** What happened, line by line. Two runs are the same when their hashes are. */
import { hash32 } from './chance.ts';
import { START, type Time } from './time.ts';

const KEPT = 80;

export class Trace {
  lines = 0;
  private readonly last: string[] = [];
  private low = 0x811c9dc5;
  private high = 0x1b873593;

  private readonly time: Time;
  private readonly print: ((line: string) => void) | null;

  constructor(time: Time, print: ((line: string) => void) | null) {
    this.time = time;
    this.print = print;
  }

  note(who: string, what: string): void {
    const line = `${String(this.time.now - START).padStart(9)} ${who.padEnd(9)} ${what}`;
    this.lines += 1;
    this.low = hash32(line, this.low);
    this.high = hash32(line, this.high ^ this.lines);
    this.last.push(line);
    if (this.last.length > KEPT) this.last.shift();
    this.print?.(line);
  }

  get hash(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }

  /** The last lines, those that speak of `about` marked. */
  tail(about: string | null): string[] {
    return this.last.map((line) => `${about !== null && line.includes(about) ? '>' : ' '} ${line}`);
  }
}
