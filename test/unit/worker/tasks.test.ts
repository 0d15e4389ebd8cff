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
  expect(workerOf({})).toThrow('tasks: there are none: give an object of functions by name');
  expect(workerOf(new ReportService())).toThrow('methods has none of its own: name those that are tasks');
  expect(workerOf(new Bare())).not.toThrow();
});

test('what is for the tasks is not taken for one of them, nor a whole module for a map of tasks', () => {
  const task = () => {};
  for (const name of ['setup', 'teardown']) {
    expect(workerOf({ task, [name]: task })).toThrow(InvalidOptionsError);
    const why = `tasks: no task can be named "${name}": if it is for what tasks need, give it beside tasks, as the option ${name};`;
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
