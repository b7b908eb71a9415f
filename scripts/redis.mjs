import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {{ port: number, stop(): Promise<void> }} Redis */

const READY_WITHIN_MS = 10_000;

/**
 * A Redis of our own on the loopback, in a folder of its own, with the append-only file on.
 * @param {{ appendfsync: 'everysec' | 'always' }} options how long an acknowledged write may wait for the disk
 * @returns {Promise<Redis>}
 */
export async function startRedis({ appendfsync }) {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-redis-'));
  mkdirSync(join(folder, 'data'));
  const port = await freePort();
  const settings = { bind: '127.0.0.1', port, dir: join(folder, 'data'), appendonly: 'yes', appendfsync, save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const gone = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    process.off('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(port, () => child.exitCode === null && child.pid !== undefined);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, stop };
}

/** @param {number} port @param {() => boolean} isRunning */
async function ready(port, isRunning) {
  const until = performance.now() + READY_WITHIN_MS;
  while (isRunning() && performance.now() < until) {
    if (await answers(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('Redis could not be started: is redis-server installed?');
}

/** @param {number} port @returns {Promise<boolean>} */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(String(answer).startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
