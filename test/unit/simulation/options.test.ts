import { describe, expect, it } from 'vitest';
import { simulationOptions, USAGE } from '../../simulation/options.js';

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
    [['--all-lines'], '--all-lines: give --seed, too'],
  ])('refuses %j', (args, why) => {
    expect(() => simulationOptions(args)).toThrow(why);
  });

  it.each([
    ['seeds', 'seeds', 7],
    ['from', 'from', 7],
    ['seed', 'seed', 7],
    ['all-lines', 'allLines', true],
    ['redis', 'redis', true],
    ['compare', 'compare', true],
    ['every-instant', 'everyInstant', true],
    ['until-found', 'untilFound', true],
  ])('has --%s alone, and its usage names it', (name, member, value) => {
    const needed = { 'all-lines': ['--seed', '7'], compare: ['--redis'] }[name] ?? [];
    const before = simulationOptions(needed);
    const given = simulationOptions([...needed, `--${name}`, ...(value === 7 ? ['7'] : [])]);
    expect(given).toEqual({ ...(before as object), [member]: value });
    expect(given).not.toEqual(before);
    expect(USAGE).toContain(`  --${name} `);
  });
});
