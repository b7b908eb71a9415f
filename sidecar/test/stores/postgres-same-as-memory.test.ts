import { sameAsMemory } from './same-as-memory/days.js';
import { usePostgres } from './postgres-server.js';

const postgres = usePostgres();

test('whatever happens, PostgreSQL and memory hold the same', async () => {
  await sameAsMemory(() => postgres.open(), 60);
}, 120_000);
