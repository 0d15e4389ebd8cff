import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
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
    '%j is none',
    (text) => {
      expect(() => executors(text, undefined)).toThrow(InvalidArgumentError);
    },
  );

  it('may be called as members of objects are', () => {
    expect(Object.keys(executors('constructor:2,__proto__:3', undefined))).toEqual(['constructor', '__proto__']);
  });
});
