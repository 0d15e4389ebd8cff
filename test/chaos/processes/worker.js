import { Worker } from '@carillon/worker';
import { given, serve } from '../../support/processes/serve.js';
import { recordingTasks } from './tasks.js';

const { journal, ...options } = given;

await serve(new Worker({ ...options, tasks: recordingTasks(journal) }));
