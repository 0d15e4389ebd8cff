import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAudit } from './account/audit.js';
import { addExplain } from './account/explain.js';
import { addAlerts } from './alerts/command.js';
import { addConsole } from './console/command.js';
import { addDoctor } from './doctor/command.js';
import { addEnqueue } from './enqueue/command.js';
import { addEvents } from './events/command.js';
import { addForecast } from './forecast/command.js';
import { addHealth } from './health/command.js';
import { addImport } from './import/command.js';
import type { Io } from './io.js';
import { addJobStores } from './job-stores/command.js';
import { addJobs } from './jobs/command.js';
import { addNext } from './next/command.js';
import { addQuarantine } from './quarantine/command.js';
import { addRuns } from './runs/command.js';
import { addCoordinator } from './servers/coordinator.js';
import { addDev } from './servers/dev.js';
import { addWorker } from './servers/worker.js';
import { addWorkers } from './workers/command.js';

const AFTER_HELP = `
First steps, in two terminals:
  $ carillon dev --tasks ./tasks.js --port 6379
  $ carillon jobs add report.daily --cron '0 9 * * 1-5' --timezone Europe/Berlin

In production, as many of each as you like:
  $ export CARILLON_REDIS_URL=redis://user:password@redis.example:6379
  $ carillon coordinator
  $ carillon worker --tasks ./tasks.js --executor default:20

Looking after it:
  $ carillon jobs list
  $ carillon events --type job_error,job_missed
  $ carillon doctor

Environment: CARILLON_REDIS_URL (else REDIS_URL), CARILLON_PREFIX, CARILLON_JOB_STORE; what each command reads besides
is in its --help. A flag wins. Empty counts as left out.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 Redis not reached, 5 refused as things are.`;

export function buildProgram(io: Io): Command {
  const program = new Command('carillon')
    .description('A distributed job scheduler on Redis.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.say(text),
      writeErr: (text) => io.surroundings.stderr.write(text),
      outputError: (text, write) => write(inOneLine(text)),
    })
    .addHelpText('after', AFTER_HELP);
  addCoordinator(program, io);
  addWorker(program, io);
  addDev(program, io);
  addJobs(program, io);
  addImport(program, io);
  addEnqueue(program, io);
  addRuns(program, io);
  addEvents(program, io);
  addNext(program, io);
  addWorkers(program, io);
  addJobStores(program, io);
  addQuarantine(program, io);
  addExplain(program, io);
  addAudit(program, io);
  addForecast(program, io);
  addAlerts(program, io);
  addConsole(program, io);
  addDoctor(program, io);
  addHealth(program, io);
  return program;
}

/** Commander puts a suggestion on a line of its own. */
function inOneLine(text: string): string {
  return `carillon: ${text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ')}\n`;
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
