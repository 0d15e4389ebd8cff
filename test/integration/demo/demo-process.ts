import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../examples/demo/demo.js', import.meta.url));

/** Starts the demo in a process of its own, without a terminal. It is gone when its `await using` block ends. */
export function startDemo(env: { readonly REDIS_URL: string; readonly TMPDIR: string }, ...args: readonly string[]) {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
      for (const look of [...waiting]) look();
    });
  }
  const ended = once(child, 'close').then(([code, signal]): unknown => code ?? signal);
  return {
    /** The output so far. */
    get output() {
      return output;
    },
    /** Its exit code, or the signal that ended it. */
    ended,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves once it has written this text. */
    wrote(text: string): Promise<void> {
      const early = ended.then((how) => {
        throw new Error(`the demo ended (${how}) before it wrote "${text}":\n${output}`);
      });
      const written = new Promise<void>((resolve) => {
        const look = () => output.includes(text) && resolve();
        waiting.add(look);
        look();
      });
      return Promise.race([written, early]);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
