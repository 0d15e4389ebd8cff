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
