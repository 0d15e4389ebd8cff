import { parseArgs } from 'node:util';

export const USAGE = `npm run mutations -- [options]
  --only <text>       only mutations whose name has this in it; may be given more than once
  --seeds <number>    how many seeds each is looked for in, at most (1000)
  --shard <n>/<all>   only one of this many equal parts: 1/2 and 2/2 in two processes
  --help              prints this`;

/**
 * Returns what the command line asks for; null if it asks for help.
 * @throws Error with what is wrong
 */
export function mutationOptions(args) {
  const options = {
    only: { type: 'string', multiple: true, default: [''] },
    seeds: { type: 'string', default: '1000' },
    shard: { type: 'string', default: '1/1' },
    help: { type: 'boolean', default: false },
  };
  const { only, seeds, shard, help } = parseArgs({ args, options }).values;
  if (help) return null;
  if (!/^[1-9]\d*$/.test(seeds)) throw new Error(`--seeds: ${seeds} is not a whole number from 1`);
  const [, part, parts] = (/^(\d+)\/(\d+)$/.exec(shard) ?? []).map(Number);
  if (!(part >= 1 && part <= parts)) throw new Error(`--shard: ${shard} is not one of all, such as 1/2`);
  return { only, seeds, part, parts };
}
