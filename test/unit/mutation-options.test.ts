import { describe, expect, it } from 'vitest';

const { mutationOptions } = (await import(new URL('../../scripts/mutations/options.js', import.meta.url).href)) as {
  mutationOptions(args: readonly string[]): unknown;
};

describe('the options of the check of mutations', () => {
  it('are all mutations and 1,000 seeds, if nothing else is asked for', () => {
    expect(mutationOptions([])).toEqual({ only: [''], seeds: '1000', part: 1, parts: 1 });
    expect(mutationOptions(['--help'])).toBeNull();
  });

  it('choose by name and by part, and set the seeds', () => {
    const args = ['--only', 'a', '--only', 'b', '--seeds', '20', '--shard', '2/3'];
    expect(mutationOptions(args)).toEqual({ only: ['a', 'b'], seeds: '20', part: 2, parts: 3 });
  });

  it.each([
    ['--seeds: 0 is not a whole number from 1', ['--seeds', '0']],
    ['--shard: 3/2 is not one of all, such as 1/2', ['--shard', '3/2']],
    ['--shard: 0/2 is not one of all, such as 1/2', ['--shard', '0/2']],
    ['--shard: 1 is not one of all, such as 1/2', ['--shard', '1']],
    ["Unknown option '--sead'", ['--sead', '1']],
  ])('are refused: %s', (message, args) => {
    expect(() => mutationOptions(args)).toThrow(message);
  });
});
