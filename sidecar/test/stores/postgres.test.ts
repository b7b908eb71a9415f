import type { PostgresStore } from '../../src/stores/postgres/store.js';
import { batteryOfTests } from '../contracts/store/battery.js';
import { usePostgres } from './postgres-server.js';

const postgres = usePostgres();
const schemas = new WeakMap<PostgresStore, string>();

async function open(schema = postgres.newSchema()): Promise<PostgresStore> {
  const store = await postgres.open({ schema });
  schemas.set(store, schema);
  return store;
}

batteryOfTests('postgres', () => open(), { openSecond: (store) => open(schemas.get(store)) });
