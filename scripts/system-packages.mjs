import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasPostgres } from './postgres.mjs';
import { mustShow } from './processes.mjs';

/** @typedef {{ what: string, packages: readonly string[], isThere: () => boolean }} Capability */

/** What a task may need of the system, as Debian and Ubuntu name the packages. */
export const CAPABILITIES = /** @satisfies {Record<string, Capability>} */ ({
  php: {
    what: 'PHP 8.1 or newer with the extensions WordPress uses',
    packages: ['php-cli', 'php-curl', 'php-gd', 'php-intl', 'php-mbstring', 'php-xml', 'php-zip'],
    isThere: () => hasPhpModules(['curl', 'gd', 'intl', 'mbstring', 'dom', 'xml', 'zip']),
  },
  'php-mysql': {
    what: 'the MySQL driver of PHP',
    packages: ['php-mysql'],
    isThere: () => hasPhpModules(['mysqli']),
  },
  'php-sqlite': {
    what: 'the SQLite driver of PHP',
    packages: ['php-sqlite3'],
    isThere: () => hasPhpModules(['pdo_sqlite', 'sqlite3']),
  },
  'php-fpm': {
    what: 'PHP-FPM, which runs WordPress behind nginx',
    packages: ['php-fpm'],
    isThere: () => hasProgram(/^php-fpm(\d+\.\d+)?$/),
  },
  nginx: { what: 'the web server nginx', packages: ['nginx'], isThere: () => hasProgram(/^nginx$/) },
  mariadb: {
    what: 'the database MariaDB',
    packages: ['mariadb-server', 'mariadb-client'],
    isThere: () => hasProgram(/^mariadbd$/) && hasProgram(/^mariadb-install-db$/),
  },
  chromium: {
    what: 'the browser Chromium',
    packages: ['chromium', 'fonts-liberation'],
    isThere: () => hasProgram(/^chromium(-browser)?$/),
  },
  composer: {
    what: 'Composer, which installs the PHP development tools',
    packages: ['composer'],
    isThere: () => hasProgram(/^composer$/),
  },
  // The package may start a cluster of its own, which we leave alone.
  postgresql: { what: 'the database PostgreSQL', packages: ['postgresql'], isThere: hasPostgres },
  redis: {
    what: 'the key-value server Redis',
    packages: ['redis-server'],
    isThere: () => hasProgram(/^redis-server$/),
  },
  cc: {
    what: 'a C compiler, for what is put between the sidecar and the disk',
    packages: ['gcc', 'libc6-dev'],
    isThere: () => hasProgram(/^cc$/) && existsSync('/usr/include/stdio.h'),
  },
  unzip: { what: 'unzip', packages: ['unzip'], isThere: () => hasProgram(/^unzip$/) },
});

/**
 * Sees to it that the system has what is named, installing it by apt when run as root.
 * Throws a sentence with the line to copy when it may not.
 * @param {readonly (keyof typeof CAPABILITIES)[]} names
 */
export async function ensureSystemPackages(names) {
  const missing = missingCapabilities(names);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.flatMap((name) => CAPABILITIES[name].packages))];
  const wanted = missing.map((name) => CAPABILITIES[name].what).join('; ');
  if (!mayInstall()) {
    throw new Error(
      `This needs: ${wanted}. On Debian or Ubuntu:\n  sudo apt-get update && sudo apt-get install -y ${packages.join(' ')}`,
    );
  }
  console.log(`Installing from the system's packages: ${wanted}.\n  apt-get install ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt may be running on a fresh machine (unattended upgrades): wait for it instead of failing.
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-qq', '-y'];
  await mustShow('apt-get', [...patient, 'update'], { env });
  await mustShow('apt-get', [...patient, 'install', '--no-install-recommends', ...packages], { env });
  const still = missingCapabilities(names);
  if (still.length > 0)
    throw new Error(`Installed, but still not found: ${still.map((name) => CAPABILITIES[name].what).join('; ')}.`);
}

/** @param {readonly (keyof typeof CAPABILITIES)[]} names */
const missingCapabilities = (names) => [...new Set(names)].filter((name) => !CAPABILITIES[name].isThere());

const mayInstall = () => process.getuid?.() === 0 && hasProgram(/^apt-get$/);

/** @param {RegExp} name */
function hasProgram(name) {
  // Servers live in sbin, which a user's PATH often lacks.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some(
    (folder) =>
      existsSync(folder) && readdirSync(folder).some((file) => name.test(file) && existsSync(join(folder, file))),
  );
}

/** @param {readonly string[]} modules */
function hasPhpModules(modules) {
  const listed = spawnSync('php', ['-m'], { encoding: 'utf8' }).stdout ?? '';
  const loaded = new Set(
    listed
      .toLowerCase()
      .split('\n')
      .map((line) => line.trim()),
  );
  return modules.every((name) => loaded.has(name));
}
