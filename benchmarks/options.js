import { parseArgs } from 'node:util';

/** @param {readonly string[]} names of the benchmarks */
export const usageOf = (names) => `npm run bench -- [name …] [options]
  <name>               one of ${names.join(', ')} (all of them)
  --quick              some seconds each: shows that they run, and no figure worth keeping
  --metrics            ceiling: without metrics and with them, in turn
  --load <number>      ceiling, overload: only this many runs a second; may be given more than once
  --of <contender>     with --load: only of this contender, such as Carillon or BullMQ; may be given more than once
  --json <file>        writes the tables as JSON, too
  --help               prints this`;

/**
 * Returns what the command line asks for; null if it asks for help.
 * @throws Error with what is wrong
 */
export function benchOptions(args, names) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      metrics: { type: 'boolean', default: false },
      load: { type: 'string', multiple: true },
      of: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: there is no such benchmark`);
  const loads = values.load?.map(Number);
  if (loads?.some((load) => !Number.isInteger(load) || load < 1))
    throw new Error(`--load ${values.load.join(', ')}: give a whole number of runs a second`);
  if (values.of.length > 0 && !loads) throw new Error('--of: give --load, too');
  return {
    names: positionals.length > 0 ? positionals : names,
    quick: values.quick,
    metrics: values.metrics,
    only: loads ? { loads, names: values.of } : null,
    json: values.json,
  };
}
