import { Worker } from '@carillon/worker';
import { tasks as executorTasks } from './executor-tasks.js';
import { given, serve } from './serve.js';
import { recordingTasks, release } from './tasks.js';

const { journal, ...options } = given;
const tasks = { ...recordingTasks(journal, () => worker.id), ...executorTasks };
const worker = new Worker({ ...options, tasks });

await serve(worker, { release, pid: () => process.pid });
