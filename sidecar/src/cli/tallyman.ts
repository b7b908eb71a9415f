/** The command `tallyman`: what a person does on the machine the sidecar runs on. */
import { resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readConfig, SettingsFailure, settingsPage, type Config } from '../config.js';
import { JOB_STATES } from '../domain/job.js';
import { ownVersion } from './version.js';
import { CommandFailure } from './local-access.js';

/** @param args without node and script. @returns the exit code. */
export async function tallyman(args: readonly string[]): Promise<number> {
  let code = 0;
  const exit = (answer: number | void) => {
    code = answer ?? 0;
  };
  try {
    await commands(exit).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`${complaint(error)}\n`);
    return 1;
  }
}

/** People get sentences; a bug keeps its stack. */
function complaint(error: unknown): string {
  if (error instanceof SettingsFailure) return error.sentences.join('\n');
  if (error instanceof CommandFailure) return error.message;
  if (!(error instanceof Error)) return String(error);
  // A database that is away is nobody's bug.
  const isPlain = error.constructor === Error || error.name === 'DatabaseTrouble';
  return isPlain ? error.message : (error.stack ?? error.message);
}

type Exit = (code: number | void) => void;

function commands(exit: Exit): Command {
  const program = new Command('tallyman')
    .description(
      'Keeps a WooCommerce shop and its warehouse in agreement. Settings are read from the environment; "tallyman settings" lists them.',
    )
    .version(ownVersion())
    .exitOverride()
    .configureHelp({ sortSubcommands: false });
  // Each command loads only what it needs: help must not open a database.
  program
    .command('serve')
    .description('start the sidecar')
    .action(async () => exit(await (await import('./serve.js')).serve(config())));
  program
    .command('pair')
    .description('print a one-time code for pairing a shop (good for 10 minutes)')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: true }) =>
      exit(await (await import('./pair.js')).pair(config().dataDir, options.json === true ? 'json' : 'text')),
    );
  program
    .command('doctor')
    .description('check settings, database, connections and clock; exit code 1 when something is wrong')
    .action(async () => exit(await (await import('./doctor.js')).doctor(process.env)));
  addSimulate(program, exit);
  addJobs(program, exit);
  addToken(program, exit);
  program
    .command('backup <file>')
    .description('copy the database while the sidecar runs; the key is kept apart')
    .action(async (file: string) => exit(await (await import('./backup.js')).backup(config(), file)));
  program
    .command('migrate-store')
    .description('move the SQLite database to PostgreSQL, with the sidecar stopped; all of it or nothing')
    .option('--to <url>', 'address of the PostgreSQL database; TALLYMAN_DATABASE_URL unless given')
    .action(async ({ to }: { to?: string }) => {
      const { migrateStore } = await import('./migrate-store.js');
      exit(
        await migrateStore({ config: config(to === undefined ? {} : { TALLYMAN_DATABASE_URL: to }), now: Date.now }),
      );
    });
  program
    .command('settings')
    .description('list the settings')
    .action(() => void process.stdout.write(settingsPage()));
  return program;
}

function addSimulate(program: Command, exit: Exit): void {
  program
    .command('simulate')
    .description('run a platform of our own for trying things out')
    .command('wms')
    .description('a warehouse that remembers, ships by itself and sends webhooks')
    .option('--port <number>', 'port to listen on', whole, 7891)
    .option('--ship-after <seconds>', 'from order to parcel; 0 ships only when told to', whole, 20)
    .addOption(new Option('--parcels <number>', 'parcels an order').choices(['1', '2']).default('1'))
    .action(async (options: { port: number; shipAfter: number; parcels: '1' | '2' }) =>
      exit(await (await import('./simulate.js')).simulateWms(options)),
    );
}

function addJobs(program: Command, exit: Exit): void {
  const jobs = program.command('jobs').description('look at the queue and press its buttons');
  jobs
    .command('list')
    .description('list jobs, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices([...JOB_STATES]))
    .option('--search <text>', 'order id, number or id at the warehouse')
    .option('--json', 'print the rows as JSON')
    .action(async (options: { state?: string; search?: string; json?: true }) =>
      exit(await (await import('./jobs.js')).listJobs(config().dataDir, options)),
    );
  jobs
    .command('retry <ids...>')
    .description('queue jobs again')
    .action(async (ids: string[]) =>
      exit(await (await import('./jobs.js')).pressAll(config().dataDir, ids, { action: 'retryNow' })),
    );
  jobs
    .command('force-done <ids...>')
    .description('mark jobs as done: nothing is sent, they count as handled')
    .requiredOption('--reason <text>', 'why; it is kept with the job')
    .action(async (ids: string[], { reason }: { reason: string }) =>
      exit(await (await import('./jobs.js')).pressAll(config().dataDir, ids, { action: 'forceDone', reason })),
    );
}

function addToken(program: Command, exit: Exit): void {
  program
    .command('token')
    .description('tokens of the management API')
    .command('create')
    .description('make a token; it is shown once')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(new Option('--role <role>', 'what it may do').choices(['viewer', 'operator', 'admin']).default('viewer'))
    .option('--json', 'print it as JSON')
    .action(async (options: { name: string; role: string; json?: true }) =>
      exit(await (await import('./token.js')).createToken(config().dataDir, options)),
    );
}

/** With the whole path of the data folder: sentences that name it are read in other folders. */
function config(over: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({ ...process.env, ...over });
  return { ...read, dataDir: resolve(read.dataDir) };
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    throw new InvalidArgumentError('It has to be a whole number, 0 or more.');
  return number;
}
