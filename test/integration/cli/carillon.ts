import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { pino } from 'pino';
import { expect, onTestFinished } from 'vitest';
import type { Ended as Exit, Surroundings } from '../../../packages/carillon/src/cli/io.js';
import { run } from '../../../packages/carillon/src/cli/run.js';
import { eventually } from '../../support/eventually.js';
import { redisUrl } from '../../support/redis.js';

export interface Setting {
  /** The prefix of all keys. If it is set, it is given as an option. */
  readonly prefix?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The code of the error with which writing to standard output fails. */
  readonly stdoutFails?: 'ENOSPC' | 'EPIPE';
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout, each parsed as JSON. */
  readonly json: Record<string, unknown>[];
}

/** An environment without the machine's own settings, and with the Redis of the tests. */
export function environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(CARILLON_|REDIS_URL$|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(own), CARILLON_REDIS_URL: redisUrl(), ...env };
}

/** A running command and its output. */
export abstract class Command {
  stdout = '';
  stderr = '';

  /** Resolves with the exit code. */
  protected abstract readonly exit: Promise<number | null>;
  protected abstract readonly exitCode: number | null;
  abstract signal(signal: NodeJS.Signals): void;

  /** Resolves once the command has written this text. */
  async says(text: string | RegExp, limitMs = 60_000): Promise<void> {
    await eventually(() => {
      const said = this.stdout + this.stderr;
      if (typeof text === 'string' ? !said.includes(text) : !text.test(said)) {
        if (this.exitCode !== null) throw new Error(`it ended with ${this.exitCode}:\n${said}`);
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
    const code = await Promise.race([this.exit, late]).finally(() => clearTimeout(timer));
    const { stdout, stderr } = this;
    return {
      code,
      stdout,
      stderr,
      get json() {
        return linesOf(stdout).map((line) => JSON.parse(line) as Record<string, unknown>);
      },
    };
  }
}

export function given(args: readonly string[], prefix: string | undefined): readonly string[] {
  return prefix === undefined ? args : [...args, '--prefix', prefix];
}

/** The command line, run in this process. A server or a listener ends with the test. */
export class Running extends Command {
  protected readonly exit: Promise<number | null>;
  protected exitCode: number | null = null;
  readonly #signals = new EventEmitter();

  constructor(args: readonly string[], { prefix, env, input, stdoutFails }: Setting = {}) {
    super();
    const stdout = into((text) => {
      if (stdoutFails) throw Object.assign(new Error(`${stdoutFails}: as planned`), { code: stdoutFails });
      this.stdout += text;
    });
    const stderr = into((text) => {
      this.stderr += text;
    });
    const surroundings: Surroundings = {
      stdin: Readable.from([input ?? '']),
      stdout,
      stderr,
      env: environment(env),
      signals: this.#signals,
      logger: (level) => pino({ name: 'carillon', level }, stdout),
    };
    this.exit = run(given(args, prefix), surroundings).then(({ code }: Exit) => {
      this.exitCode = code;
      return code;
    });
    onTestFinished(async () => {
      if (this.exitCode === null) this.signal('SIGTERM');
      await this.ended();
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#signals.emit(signal, signal);
  }
}

function into(write: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      try {
        write(String(chunk));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Runs a command to its end. */
export function carillon(args: readonly string[], setting?: Setting): Promise<Ended> {
  return new Running(args, setting).ended();
}

/** Runs a command and expects exit code 0. */
export async function done(args: readonly string[], setting?: Setting): Promise<Ended> {
  const ended = await carillon(args, setting);
  expect(ended, `carillon ${args.join(' ')}`).toMatchObject({ code: 0 });
  return ended;
}

export { file } from '../../support/file.js';

export const TASKS = `
export const tasks = {
  'greet': async (name) => 'hello ' + name,
  'slow': async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms)); return 'slept'; },
  'fail': async () => { throw new Error('as planned'); },
};
`;
