import { describe, expect, it } from 'vitest';
import { simulationOptions, USAGE } from '../../simulation/options.js';

const { benchOptions, usageOf } = (await import(new URL('../../../benchmarks/options.js', import.meta.url).href)) as {
  readonly benchOptions: (args: readonly string[], names: readonly string[]) => { readonly names: string[] } | null;
  readonly usageOf: (names: readonly string[]) => string;
};
const NAMES = ['ceiling', 'idle'];

describe('npm run simulate', () => {
  it('reads its options', () => {
    expect(simulationOptions(['--seeds', '20', '--redis', '--compare'])).toMatchObject({
      ...{ seeds: 20, from: 1, seed: undefined, redis: true, compare: true, everyInstant: false },
    });
    expect(simulationOptions(['--help'])).toBe('help');
  });

  it.each([
    [['--sedes', '20'], "Unknown option '--sedes'"],
    [['--seeds', 'many'], '--seeds many: give a whole number'],
    [['--compare'], '--compare: give --redis, too'],
  ])('refuses %j', (args, why) => {
    expect(() => simulationOptions(args)).toThrow(why);
  });

  it.each(['seeds', 'from', 'seed', 'all-lines', 'redis', 'compare', 'every-instant', 'until-found'])(
    'has --%s, and its usage names it',
    (name) => {
      const value = ['seeds', 'from', 'seed'].includes(name) ? ['7'] : [];
      expect(simulationOptions([`--${name}`, ...value, '--redis'])).not.toBe('help');
      expect(USAGE).toContain(`  --${name} `);
    },
  );
});

describe('npm run bench', () => {
  it('reads its options', () => {
    expect(benchOptions(['idle', '--load', '5', '--load', '8'], NAMES)).toMatchObject({
      ...{ names: ['idle'], only: { loads: [5, 8], names: [] }, quick: false },
    });
    expect(benchOptions([], NAMES)).toMatchObject({ names: NAMES, only: null });
    expect(benchOptions(['--help'], NAMES)).toBeNull();
    expect(usageOf(NAMES)).toContain('one of ceiling, idle ');
  });

  it.each([
    [['--quik'], "Unknown option '--quik'"],
    [['herds'], 'herds: there is no such benchmark'],
    [['--load', '0'], '--load 0: give a whole number of runs a second'],
  ])('refuses %j', (args, why) => {
    expect(() => benchOptions(args, NAMES)).toThrow(why);
  });
});
