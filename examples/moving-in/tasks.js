// tasks.js
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { currentRun } from 'carillon';

/**
 * Runs a command as cron does; returns what it wrote. A command that ends with another code than 0 is an error.
 * @param {string} command
 * @param {{ env?: NodeJS.ProcessEnv, stdin?: string }} [given]
 */
async function shell(command, { env = {}, stdin = '' } = {}) {
  const { SHELL = '/bin/sh', HOME = process.env.HOME } = env;
  const options = { env: { ...process.env, ...env }, cwd: HOME, signal: currentRun().signal };
  const child = spawn(SHELL, ['-c', command], options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output = (output + data).slice(-10_000);
    });
  }
  // A command that reads nothing may have closed it already.
  child.stdin.on('error', () => {}).end(stdin);
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}: ${output}`);
  return output;
}

export const tasks = { shell };
