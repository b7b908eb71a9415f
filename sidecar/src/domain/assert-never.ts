/** Ends a switch over a closed set: a new member becomes a compile error here instead of a silent fall-through. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
