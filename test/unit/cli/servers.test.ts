import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { withLimits } from '../../../packages/carillon/src/cli/servers/limits.js';
import { executors, executorsOf } from '../../../packages/carillon/src/cli/servers/options.js';

describe('executors', () => {
  it('have a concurrency of their own, or that of all', () => {
    const given = executors('mail', executors('default:20,cpu:1', undefined));
    expect(executorsOf({ executor: given, concurrency: 5 })).toEqual({
      default: { concurrency: 20 },
      cpu: { concurrency: 1 },
      mail: { concurrency: 5 },
    });
    expect(executorsOf({ executor: executors('heavy:4:thread,own:process', undefined), concurrency: 5 })).toEqual({
      heavy: { kind: 'thread', concurrency: 4 },
      own: { kind: 'process', concurrency: 5 },
    });
    expect(executorsOf({})).toEqual({ default: { concurrency: undefined } });
  });

  it.each(['a:0', 'a:-1', 'a:b', 'a:', ':1', 'a:1:2', 'a:fork', 'a:thread:1', 'a:0:thread', 'a b', ''])(
    '%j is refused',
    (text) => {
      expect(() => executors(text, undefined)).toThrow(InvalidArgumentError);
    },
  );

  it('have limits in the whole cluster, of their own or those of each', () => {
    const parsed = (args: readonly string[]) => {
      const command = withLimits(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
      return command.parse(args, { from: 'user' }).opts();
    };
    const given = executors('default,mail,quiet', undefined);
    const all = ['--global-concurrency', '8,mail:5', '--rate-limit', 'mail:100/1m', '--rate-limit', 'quiet:none'];
    expect(executorsOf({ executor: given, ...parsed(all) })).toEqual({
      default: { globalConcurrency: 8 },
      mail: { globalConcurrency: 5, rateLimit: { max: 100, duration: '1m' } },
      quiet: { globalConcurrency: 8, rateLimit: null },
    });
    expect(() => executorsOf({ executor: given, ...parsed(['--rate-limit', 'nobody:1/1s']) })).toThrow('"nobody"');
    for (const wrong of [
      '--global-concurrency=0',
      '--global-concurrency=mail:',
      '--rate-limit=5',
      '--rate-limit=0/1s',
      '--rate-limit=5/1m,',
      '--rate-limit=mail:5/60',
    ]) {
      expect(() => parsed([wrong]), wrong).toThrow(CommanderError);
    }
    expect(() => parsed(['--rate-limit', 'mail:5/60'])).toThrow('unit is missing: 60ms, 60s');
  });

  it('may be called as members of objects are', () => {
    expect(Object.keys(executors('constructor:2,__proto__:3', undefined))).toEqual(['constructor', '__proto__']);
  });
});
