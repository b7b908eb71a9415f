/** Holds the write lock of a SQLite file for so many milliseconds. Arguments: file, milliseconds. */
import SqliteDatabase from 'better-sqlite3';

const [, , file, ms] = process.argv;
const db = new SqliteDatabase(file, { timeout: 20_000 });
db.exec('BEGIN IMMEDIATE');
setTimeout(() => {
  db.exec('ROLLBACK');
  db.close();
}, Number(ms));
