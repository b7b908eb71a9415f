/** A program of its own for each thing measured: the bench asks it over the channel it was started with, and it answers. */
type Asked = { readonly id: number; readonly what: string; readonly input: unknown };

export type Answers = Readonly<Record<string, (input: never) => Promise<unknown>>>;

export function answer(answers: Answers): void {
  process.on('message', (asked: Asked) => void reply(answers, asked));
  // The bench is gone, in whatever way: nothing of it runs on.
  process.once('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}

async function reply(answers: Answers, { id, what, input }: Asked): Promise<void> {
  try {
    const asked = answers[what];
    if (asked === undefined) throw new Error(`This program has no answer to "${what}".`);
    process.send?.({ id, result: (await asked(input as never)) ?? null });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** @returns what the bench gave this program at its start. */
export function given<Args>(): Args {
  return JSON.parse(process.argv[2] ?? '{}') as Args;
}
