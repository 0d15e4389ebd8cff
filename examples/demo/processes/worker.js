import { Worker } from '@carillon/worker';
import { openJournal } from '../journal.js';
import { demoTasks } from '../tasks.js';
import { given, serve } from './serve.js';

const { journal, name, ...options } = given;

await serve(new Worker({ ...options, tasks: demoTasks(openJournal(journal), name) }));
