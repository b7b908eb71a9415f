/**
 * Who may import whom under sidecar/src. ARCHITECTURE.md says it in words; ESLint and test/architecture.test.ts read this table.
 * Paths are relative to sidecar/src, with `/`. An entry ending in `/` is a folder, any other is one file.
 */
type Entry = { readonly from: string; readonly may: readonly string[] };

const PORTS = ['platforms/platform.ts', 'platforms/failure.ts', 'stores/store.ts'];
const PLATFORM_CORE = ['platforms/platform.ts', 'platforms/failure.ts', 'platforms/http.ts'];

/** The first entry that covers the importing file decides. `<one>` stands for one folder or file, the same on both sides. */
export const RULE: readonly Entry[] = [
  { from: 'domain/', may: ['domain/'] },
  { from: 'queue/', may: ['domain/', 'queue/', ...PORTS] },
  { from: 'handlers/', may: ['domain/', 'handlers/', 'queue/', ...PORTS] },
  { from: 'platforms/<one>/', may: ['domain/', 'platforms/<one>/', ...PLATFORM_CORE] },
  { from: 'platforms/<one>.ts', may: ['domain/', 'platforms/<one>/', ...PLATFORM_CORE] },
  { from: 'stores/<one>/', may: ['domain/', 'stores/<one>/', 'stores/store.ts'] },
  { from: 'stores/memory.ts', may: ['domain/', 'stores/memory/', 'stores/store.ts'] },
  // A store is a file; what does not fit on its two screens is in the folder of the same name.
  { from: 'stores/<one>.ts', may: ['domain/', 'stores/<one>/', 'stores/store.ts'] },
  { from: 'http/', may: ['domain/', 'http/', 'queue/', 'platforms/platform.ts', 'stores/store.ts'] },
  { from: 'secrets/', may: ['domain/', 'secrets/', 'platforms/platform.ts', 'stores/store.ts'] },
  // A simulator that shared the adapter's code would share its mistakes.
  { from: 'simulators/', may: ['simulators/'] },
  { from: 'config.ts', may: ['domain/'] },
  { from: 'schedule.ts', may: ['domain/', 'queue/', 'stores/store.ts', 'config.ts'] },
  { from: 'cli/', may: ['*'] },
  { from: 'main.ts', may: ['*'] },
];

/** Says why `importer` may not import `imported`, or null when it may. */
export function forbidden(importer: string, imported: string): string | null {
  if (imported === 'main.ts') return 'nobody imports main.ts: it is where everything is put together';
  for (const entry of RULE) {
    const one = covers(entry.from, importer);
    if (one === null) continue;
    const may = entry.may.map((path) => path.replace('<one>', one));
    if (may.some((path) => path === '*' || covers(path, imported) !== null)) return null;
    return `${entry.from} may import only ${may.join(', ')}`;
  }
  return `${importer} has no line in sidecar/dependency-rule.ts`;
}

/** The part of `path` that stands for `<one>` (empty when the pattern has none), or null when the pattern does not cover it. */
function covers(pattern: string, path: string): string | null {
  const end = pattern.endsWith('/') ? '' : '$';
  const expression = new RegExp(`^${pattern.replace('.', '\\.').replace('<one>', '([^/]+)')}${end}`);
  const match = expression.exec(path);
  return match === null ? null : (match[1] ?? '');
}
