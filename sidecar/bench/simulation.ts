/**
 * `node sidecar/bench/simulation.ts --seed 123 --events 200 [--trace]`: the whole sidecar, its shop and its warehouse behind one
 * seed. Loaded in this order because the sources are TypeScript that Node reads only with help.
 */
await import(new URL('../../scripts/typescript-source.mjs', import.meta.url).href);
await import('./simulation/cli.ts');
