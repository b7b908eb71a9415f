/** Compares versions by their numbers; what follows a hyphen does not count ("6.6-RC3" runs what "6.6" runs). */
function compareVersions(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)];
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbers = (version: string): number[] => (version.split('-')[0] ?? '').split('.').map(Number);

export const atLeast = (version: string, floor: string): boolean => compareVersions(version, floor) >= 0;

export const newestFirst = (one: string, other: string): number => compareVersions(other, one);
