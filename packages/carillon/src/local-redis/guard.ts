import { spawn } from 'node:child_process';

/**
 * Runs a shell script as soon as this process has ended in any way, also by SIGKILL. A shell waits for the end of its input, which only
 * this process holds open. The returned function cancels it.
 */
export function whenGone(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): () => void {
  // Detached: Ctrl-C in a terminal goes to the whole process group, and must not reach the shell first.
  const shell = spawn('/bin/sh', ['-c', `read -r _ || { ${script}\n}`, 'sh', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env,
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  return () => {
    shell.stdin.end('called off\n');
  };
}
