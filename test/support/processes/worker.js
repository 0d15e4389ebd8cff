import { fileURLToPath } from 'node:url';
import { Worker } from '@carillon/worker';
import { tasks as executorTasks } from './executor-tasks.js';
import { tasks as notingTasks } from './noting-tasks.js';
import { given, serve } from './serve.js';
import { recordingTasks, release } from './tasks.js';

const { journal, ...options } = given;
const taskFile = fileURLToPath(new URL('./noting-tasks.js', import.meta.url));
const tasks = { ...recordingTasks(journal, () => worker.id), ...notingTasks, ...executorTasks };
const worker = new Worker({ taskFile, ...options, tasks });
process.env.CARILLON_TEST_JOURNAL = journal;
process.env.CARILLON_TEST_WORKER = worker.id;

await serve(worker, { release, pid: () => process.pid });
