export type Step = { readonly name: string; readonly seconds: number };

export type Stopwatch = {
  /** Says what is being done, does it, and remembers how long it took. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  steps(): readonly Step[];
};

export function stopwatch(say: (line: string) => void): Stopwatch {
  const steps: Step[] = [];
  return {
    steps: () => steps,
    async step(name, work) {
      say(`${name} ...`);
      const startedAt = performance.now();
      const result = await work();
      steps.push({ name, seconds: (performance.now() - startedAt) / 1000 });
      return result;
    },
  };
}
