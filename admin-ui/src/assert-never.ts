export function assertNever(value: never): never {
  throw new Error(`Not expected here: ${String(value)}`);
}
