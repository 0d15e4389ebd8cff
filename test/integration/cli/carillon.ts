import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { redisUrl } from '../../support/redis.js';

const BIN = fileURLToPath(new URL('../../../packages/carillon/dist/cli/main.js', import.meta.url));

export interface Setting {
  /** Before every key: given as an option where it is set. */
  readonly prefix?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** A file that is open, to write standard output to. */
  readonly output?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout, each line of which is JSON. */
  readonly json: Record<string, unknown>[];
}

/** Nothing of the machine's own settings, and the Redis of the tests. */
function environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(CARILLON_|REDIS_URL$|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(own), CARILLON_REDIS_URL: redisUrl(), ...env };
}

/** The built command line in a process of its own; ended after the test. */
export class Running {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { prefix, env, input, output }: Setting = {}) {
    const given = prefix === undefined ? args : [...args, '--prefix', prefix];
    const stdio = ['pipe', output ?? 'pipe', 'pipe'] as const;
    this.#child = spawn(process.execPath, [BIN, ...given], { env: environment(env), stdio: [...stdio] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(input ?? '');
    this.#closed = once(this.#child, 'close');
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.#closed;
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves once it has written this. */
  async says(text: string | RegExp, limitMs = 60_000): Promise<void> {
    await eventually(() => {
      const said = this.stdout + this.stderr;
      if (typeof text === 'string' ? !said.includes(text) : !text.test(said)) {
        if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}:\n${said}`);
        throw new Error(`it does not say ${text}, but:\n${said}`);
      }
    }, limitMs);
  }

  async ended(limitMs = 60_000): Promise<Ended> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`it has not ended after ${limitMs} ms:\n${this.stdout}${this.stderr}`));
      timer = setTimeout(fail, limitMs);
    });
    await Promise.race([this.#closed, late]).finally(() => clearTimeout(timer));
    const { stdout, stderr } = this;
    return {
      code: this.#child.exitCode,
      stdout,
      stderr,
      get json() {
        return linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
      },
    };
  }
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Runs a command to its end. */
export function carillon(args: readonly string[], setting?: Setting): Promise<Ended> {
  return new Running(args, setting).ended();
}

/** The command did what it was asked to. */
export async function done(args: readonly string[], setting?: Setting): Promise<Ended> {
  const ended = await carillon(args, setting);
  expect(ended, `carillon ${args.join(' ')}`).toMatchObject({ code: 0 });
  return ended;
}

/** A module of tasks, or any other file, in a folder that is gone after the test. */
export async function file(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

export const TASKS = `
export const tasks = {
  'greet': async (name) => 'hello ' + name,
  'slow': async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms)); return 'slept'; },
  'fail': async () => { throw new Error('as planned'); },
};
`;
