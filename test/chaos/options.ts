import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly seed: number;
  /** How long faults strike, ms. */
  readonly durationMs: number;
  readonly jobs: number;
  readonly everyMs: number;
  readonly fsync: 'always' | 'everysec';
  /** The lease of coordinators and of workers. */
  readonly leaseMs: number;
  /** How many coordinators, and how many workers. */
  readonly size: number;
  /** Whether the next fault strikes as soon as jobs fire, even with a backlog. */
  readonly hasty: boolean;
  /** Texts that the name of a fault must all contain; every fault if it is empty. */
  readonly only: readonly string[];
  /** The folder in which the records stay. */
  readonly keep: string | undefined;
}

export const USAGE = `npm run chaos -- [options]
  --minutes <number>           how long faults are made (10)
  --seed <number>              which faults, in which order, for how long (by chance; it is printed)
  --jobs <number>              (1000)
  --every <duration>           the jobs' interval, such as 5s or 500ms (5s)
  --fsync always|everysec      of Redis' append-only file; with everysec, its last second is lost where Redis dies (always)
  --lease <duration>           of coordinators and workers (3s)
  --size <number>              how many coordinators, and how many workers (3)
  --hasty                      the next fault strikes while there is still a backlog of the one before
  --only <text>                only faults whose name has this in it; may be given more than once
  --keep <folder>              where events and calls stay; else only where something is wrong
Exit code: 0, every promise was kept; 1, one was not, or a fault hit nothing; 2, wrong options.`;

export class WrongOptions extends Error {}

/** @throws WrongOptions */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const values = parsed(args);
  return {
    seed: number('seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), 0),
    durationMs: number('minutes', values.minutes ?? '10', 0.1) * 60_000,
    jobs: whole('jobs', values.jobs ?? '1000'),
    everyMs: duration('every', values.every ?? '5s'),
    fsync: fsync(values.fsync ?? 'always'),
    leaseMs: duration('lease', values.lease ?? '3s'),
    size: whole('size', values.size ?? '3'),
    hasty: values.hasty ?? false,
    only: values.only ?? [],
    keep: values.keep === undefined ? undefined : emptyFolder(values.keep),
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    seed: text,
    minutes: text,
    jobs: text,
    every: text,
    fsync: text,
    lease: text,
    size: text,
    hasty: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    keep: text,
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new WrongOptions(error instanceof Error ? error.message : String(error));
  }
}

function number(name: string, text: string, least: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new WrongOptions(`--${name} ${text}: give a number of at least ${least}`);
}

function whole(name: string, text: string): number {
  return Math.floor(number(name, text, 1));
}

function duration(name: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  if (amount && unit) return Number(amount) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  throw new WrongOptions(`--${name} ${text}: give a duration such as 500ms or 5s`);
}

function emptyFolder(path: string): string {
  if (!existsSync(path) || readdirSync(path).length === 0) return path;
  throw new WrongOptions(`--keep ${path}: it is not empty; name a folder that is, or that is yet to be made`);
}

function fsync(text: string): 'always' | 'everysec' {
  if (text === 'always' || text === 'everysec') return text;
  throw new WrongOptions(`--fsync ${text}: give always or everysec`);
}
