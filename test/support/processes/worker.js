import { Worker } from '@carillon/worker';
import { given, serve } from './serve.js';
import { recordingTasks, release } from './tasks.js';

const { journal, ...options } = given;
const worker = new Worker({ ...options, tasks: recordingTasks(journal, () => worker.id) });

await serve(worker, { release });
