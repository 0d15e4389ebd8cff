import { parseArgs } from 'node:util';

export const USAGE = `npm run simulate -- [options]
  --seeds <number>   how many seeds are played, on all cores (1000)
  --from <number>    the first of them (1)
  --seed <number>    only this one, with its transcript
  --all-lines        with --seed: the transcript has every call
  --redis            the job store is in a Redis, which is started for it
  --compare          with --redis: each seed is played in memory, too, and has to go the same way
  --every-instant    all instants of each job are explained, not some of them
  --until-found      stops at the first seed with violations, not at the fifth
  --help             prints this
Exit code: 0, no violations; 1, violations; 2, wrong options.`;

export interface SimulationOptions {
  readonly seeds: number;
  readonly from: number;
  /** undefined if many are played. */
  readonly seed: number | undefined;
  readonly allLines: boolean;
  readonly redis: boolean;
  readonly compare: boolean;
  readonly everyInstant: boolean;
  readonly untilFound: boolean;
}

const flag = { type: 'boolean', default: false } as const;
const options = {
  seeds: { type: 'string', default: '1000' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string' },
  'all-lines': flag,
  redis: flag,
  compare: flag,
  'every-instant': flag,
  'until-found': flag,
  help: { ...flag, short: 'h' },
} as const;

/** Parses the command line. @throws Error that names the wrong option */
export function simulationOptions(args: readonly string[]): SimulationOptions | 'help' {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) return 'help';
  if (values['all-lines'] && values.seed === undefined)
    throw new Error('--all-lines: give --seed, too; only the transcript of one has lines');
  if (values.compare && !values.redis) throw new Error('--compare: give --redis, too; it compares Redis with memory');
  return {
    seeds: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed),
    allLines: values['all-lines'],
    redis: values.redis,
    compare: values.compare,
    everyInstant: values['every-instant'],
    untilFound: values['until-found'],
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name} ${text}: give a whole number`);
}
