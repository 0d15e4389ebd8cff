import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { tasksOf } from '../../../packages/carillon/src/cli/servers/load-tasks.js';
import { executors, executorsOf } from '../../../packages/carillon/src/cli/servers/options.js';

const a = async () => {};
const b = () => 1;

describe('the tasks of a module', () => {
  it.each([
    ['the export `tasks`', { tasks: { a }, default: { b }, b }, { a }],
    ['else the default export', { default: { a }, b }, { a }],
    ['else every function that is exported', { a, b, version: 3 }, { a, b }],
    ['what CommonJS exports is its default export', { default: { tasks: { a } }, tasks: undefined }, { a }],
    ['a default export that is a function is no map, and has no name', { default: a, b }, { b }],
    ['there may be none', { version: 3 }, {}],
  ])('%s', (_, exports, tasks) => {
    expect(tasksOf(exports)).toEqual(tasks);
  });
});

describe('executors', () => {
  it('have a concurrency of their own, or that of all', () => {
    const given = executors('mail', executors('default:20,cpu:1', undefined));
    expect(executorsOf({ executor: given, concurrency: 5 })).toEqual({
      default: { concurrency: 20 },
      cpu: { concurrency: 1 },
      mail: { concurrency: 5 },
    });
    expect(executorsOf({})).toEqual({ default: { concurrency: undefined } });
  });

  it.each(['a:0', 'a:-1', 'a:b', 'a:', ':1', 'a:1:2', 'a b', ''])('%j is none', (text) => {
    expect(() => executors(text, undefined)).toThrow(InvalidArgumentError);
  });

  it('may be called as members of objects are', () => {
    expect(Object.keys(executors('constructor:2,__proto__:3', undefined))).toEqual(['constructor', '__proto__']);
  });
});
