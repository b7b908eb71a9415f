export const LEAST_NODE = 22;

/** @returns a sentence for a Node that is too old, or null. */
export function nodeComplaint(version: string): string | null {
  const major = Number(version.split('.')[0]);
  return major >= LEAST_NODE
    ? null
    : `Tallyman needs Node ${LEAST_NODE} or newer; this is Node ${version}. Install a newer one from https://nodejs.org.`;
}
