import { InvalidOptionsError } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, test } from 'vitest';

class ReportService {
  report(): void {}
}

class Bare extends ReportService {
  own = (): void => {};
}

const workerOf = (tasks: object) => () => new Worker({ backend: new MemoryCluster().connect(), tasks: tasks as never });

test('a worker without a task is refused, with what to do about it', () => {
  for (const tasks of [{}, Object.create(null), [], new Map([['a', () => {}]])]) {
    expect(workerOf(tasks)).toThrow(InvalidOptionsError);
    expect(workerOf(tasks)).toThrow(/^tasks: /);
  }
  expect(workerOf({})).toThrow('tasks: there are no tasks: give an object of functions by name');
  expect(workerOf(new ReportService())).toThrow('methods has none of its own: name those that are tasks');
  expect(workerOf(new Bare())).toThrow('"report" is a method of the class of this instance');
});

test('what is for the tasks is not taken for one of them, nor a whole module for a map of tasks', () => {
  const task = () => {};
  for (const name of ['setup', 'teardown']) {
    expect(workerOf({ task, [name]: task })).toThrow(InvalidOptionsError);
    const why = `tasks: no task can be named "${name}": if it opens or closes the resources of tasks, give it next to tasks, as the option ${name};`;
    expect(workerOf({ task, [name]: task })).toThrow(why);
    expect(workerOf({ [`tenant.${name}`]: task })).not.toThrow();
    const backend = new MemoryCluster().connect();
    const given = { backend, tasks: { task }, [name]: 'no function' as never };
    expect(() => new Worker(given)).toThrow(`${name}: give a function`);
  }
  for (const whole of [{ tasks: { task }, setup: task }, { tasks: { task } }]) {
    expect(workerOf(whole)).toThrow('or give its member tasks');
  }
});

test.each<[string, () => object, string]>([
  [
    'an instance with tasks and a method',
    () => Object.assign(new ReportService(), { mail: () => 1 }),
    'method of the class',
  ],
  [
    'an instance of a class below one with methods',
    () => Object.assign(new (class extends ReportService {})(), { mail: () => 1 }),
    'method of the class of this instance: name those that are tasks',
  ],
  ['a list', () => [() => 1], 'a list has no names: give an object of functions by name'],
  ['a map', () => new Map([['mail', () => 1]]), 'a list has no names'],
  ['a promise', () => Promise.resolve({ mail: () => 1 }), 'a promise: await it'],
])('refuses %s, of which tasks would be left out', (_, make, says) => {
  expect(workerOf(make())).toThrow(says);
});

test('takes functions of an instance whose class has no methods', () => {
  class Own {
    readonly mail = () => 1;
  }
  expect(workerOf(new Own())).not.toThrow();
});
