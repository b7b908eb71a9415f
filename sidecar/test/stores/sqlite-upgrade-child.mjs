/**
 * Updates a file in a process of its own and is killed in the middle, by the step itself.
 * Arguments: the file, after how many parts of the step, and 'whole' or 'piecemeal' (the guard taken out).
 */
import { registerHooks } from 'node:module';

// The sources import each other by the names they have once compiled.
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith('.') && specifier.endsWith('.js');
    return next(isOurs ? `${specifier.slice(0, -3)}.ts` : specifier, context);
  },
});

const [file, parts, how] = process.argv.slice(2);
const source = new URL('../../src/stores/sqlite/', import.meta.url);
const { openDatabase } = await import(new URL('database.ts', source).href);
const { migrate } = await import(new URL('migrate.ts', source).href);
const { MIGRATIONS } = await import(new URL('migrations/index.ts', source).href);

const db = openDatabase(file);
if (how === 'piecemeal') db.transaction = (work) => Object.assign(() => work(), { immediate: () => work() });
const [first, second] = MIGRATIONS;
const all = second.sql.split(/;\n/);
const sql = [...all.slice(0, Number(parts)), 'SELECT stop()', ...all.slice(Number(parts))].join(';\n');
const stop = () => {
  process.kill(process.pid, 'SIGKILL');
  return '';
};
migrate(db, 0, [first, { ...second, sql, functions: { ...second.functions, stop } }]);
console.error('It was to be killed before this.');
process.exit(1);
