import { describe, expect, it } from 'vitest';

const { benchOptions, usageOf } = (await import(new URL('../../../benchmarks/options.js', import.meta.url).href)) as {
  readonly benchOptions: (args: readonly string[], names: readonly string[]) => { readonly names: string[] } | null;
  readonly usageOf: (names: readonly string[]) => string;
};
const NAMES = ['ceiling', 'idle'];

describe('npm run bench', () => {
  it.each([
    [[], {}],
    [['idle'], { names: ['idle'] }],
    [['--quick'], { quick: true }],
    [['--metrics'], { metrics: true }],
    [['--load', '5', '--load', '8'], { only: { loads: [5, 8], names: [] } }],
    [['--load', '5', '--of', 'Carillon'], { only: { loads: [5], names: ['Carillon'] } }],
    [['--json', 'x.json'], { json: 'x.json' }],
  ])('reads %j', (args, changed) => {
    const usual = { names: NAMES, quick: false, metrics: false, only: null, json: undefined };
    expect(benchOptions(args, NAMES)).toEqual({ ...usual, ...changed });
  });

  it('has a usage that names the benchmarks', () => {
    expect(benchOptions(['--help'], NAMES)).toBeNull();
    expect(usageOf(NAMES)).toContain('one of ceiling, idle ');
  });

  it.each([
    [['--quik'], "Unknown option '--quik'"],
    [['herds'], 'herds: there is no such benchmark'],
    [['--load', '0'], '--load 0: give a whole number of runs a second'],
    [['--of', 'BullMQ'], '--of: give --load, too'],
  ])('refuses %j', (args, why) => {
    expect(() => benchOptions(args, NAMES)).toThrow(why);
  });
});
