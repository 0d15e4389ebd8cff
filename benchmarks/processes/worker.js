import { currentRun, Worker } from '@carillon/worker';
import { Lateness } from '../lateness.js';

const place = JSON.parse(process.argv[2]);
const lateness = new Lateness();
const worker = new Worker({
  ...place,
  tasks: { noop: () => lateness.add(Date.now() - currentRun().scheduledRunTime.getTime()) },
  executors: { default: { concurrency: 50 } },
});
await worker.start();
process.once('disconnect', () => process.exit());
process.on('message', () => process.send({ lateness: lateness.take() }));
process.send({ ready: worker.id });
