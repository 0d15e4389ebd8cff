import { currentRun, Worker } from '@carillon/worker';
import { Lateness } from '../lateness.js';
import { answers } from './answers.js';
import { telemetryOf } from './telemetry.js';

const { executors = ['default'], withMetrics, ...place } = JSON.parse(process.argv[2]);
const CONCURRENCY = 100;

/** Each task only notes how late its runs began. */
const noted = { noop: new Lateness(), neighbour: new Lateness(), elsewhere: new Lateness(), probe: new Lateness() };
const lastBegan = {};
const task = (name) => () => {
  const now = Date.now();
  lastBegan[name] = now;
  noted[name].add(now - currentRun().scheduledRunTime.getTime());
};
const named = (entry) => Object.fromEntries(Object.keys(noted).map((name) => [name, entry(name)]));

const worker = new Worker({
  ...place,
  telemetry: telemetryOf(withMetrics),
  tasks: named(task),
  executors: Object.fromEntries(executors.map((alias) => [alias, { concurrency: CONCURRENCY }])),
});
await worker.start();
answers(worker.id, () => ({ lateness: named((name) => noted[name].take()), lastBegan }));
