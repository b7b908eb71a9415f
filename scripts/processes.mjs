import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { ROOT, inRoot } from './paths.mjs';

/** @type {readonly NodeJS.Signals[]} */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'];
const KILL_AFTER_MS = 20_000;

/** Tools of the repository first: among them is the pinned Node, which every child is to use. */
export function toolEnv() {
  return { ...process.env, PATH: [inRoot('node_modules', '.bin'), process.env.PATH].join(delimiter) };
}

/**
 * Runs a program with its output shown as it comes, and answers with its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function show(command, args, options = {}) {
  const child = spawn(command, args, { cwd: ROOT, env: toolEnv(), ...options, stdio: 'inherit' });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(stopForwarding);
}

/**
 * Like `show`, for steps that make no sense when the one before failed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export async function mustShow(command, args, options) {
  const code = await show(command, args, options);
  if (code !== 0) throw new Error(`"${[command, ...args].join(' ')}" ended with exit code ${code}.`);
}

/**
 * Like `show`, in a process group of its own, so that whatever was started ends with it when its time is up.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} limitMinutes
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
export function showLimited(command, args, limitMinutes, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  const end = () => {
    signalGroup(child.pid, 'SIGTERM');
    setTimeout(() => signalGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
  };
  const limit = setTimeout(() => {
    console.error(`This took longer than ${limitMinutes} minutes and is ended.`);
    end();
  }, limitMinutes * 60_000);
  for (const signal of ENDING_SIGNALS) process.once(signal, end);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(async () => {
    await groupEnded(child.pid);
    clearTimeout(limit);
    for (const signal of ENDING_SIGNALS) process.off(signal, end);
  });
}

/**
 * What the program started may still be tidying up; the next one must not meet it. Kills it when it takes too long.
 * @param {number | undefined} pid
 */
async function groupEnded(pid) {
  const killAt = performance.now() + KILL_AFTER_MS;
  // Not until it is gone: in a container without an init, ended children stay in the table for ever.
  while (signalGroup(pid, performance.now() < killAt ? 0 : 'SIGKILL') && performance.now() < killAt) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Answers whether the group was still there to receive it.
 * @param {number | undefined} pid @param {NodeJS.Signals | 0} signal
 */
function signalGroup(pid, signal) {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  const handlers = ENDING_SIGNALS.map((signal) => {
    const handler = () => {
      // A terminal sends Ctrl-C to the child as well; a second one would mean "stop at once" to it.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => handlers.forEach((off) => off());
}
