import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Command, environment, given, type Setting } from './carillon.js';

const BIN = fileURLToPath(new URL('../../../packages/carillon/dist/cli/main.js', import.meta.url));

/** The built command line in a process of its own. It ends with the test. */
export class Spawned extends Command {
  protected readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;

  /** @param output an open file to write standard output to */
  constructor(args: readonly string[], { prefix, env, input }: Setting = {}, output?: number) {
    super();
    const stdio = ['pipe', output ?? 'pipe', 'pipe'] as const;
    this.#child = spawn(process.execPath, [BIN, ...given(args, prefix)], { env: environment(env), stdio: [...stdio] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(input ?? '');
    this.exit = once(this.#child, 'close').then(() => this.#child.exitCode);
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exit;
    });
  }

  protected get exitCode(): number | null {
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
