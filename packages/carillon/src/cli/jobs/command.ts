import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addAdd } from './add.js';
import { addExport } from './export.js';
import { addImport } from './import.js';
import { addList } from './list.js';
import { addModify } from './modify.js';
import { addPause } from './pause.js';
import { addRemove } from './remove.js';
import { addReschedule } from './reschedule.js';
import { addResume } from './resume.js';
import { addRun } from './run.js';
import { addShow } from './show.js';

const EXAMPLES = `
Examples:
  $ carillon jobs add report.daily --id daily-eu --cron '0 9 * * 1-5' --timezone Europe/Berlin --args '["eu"]'
  $ carillon jobs list
  $ carillon jobs run daily-eu
  $ carillon jobs export > jobs.jsonl && carillon jobs import jobs.jsonl --prefix copy`;

export function addJobs(jobs: Command, io: Io): void {
  jobs.addHelpText('after', EXAMPLES);
  for (const add of [
    addList,
    addShow,
    addAdd,
    addModify,
    addReschedule,
    addRemove,
    addPause,
    addResume,
    addRun,
    addExport,
    addImport,
  ])
    add(jobs, io);
}
