import type { Command } from 'commander';
import type { Io } from './io.js';

/** A command of the first level. Its file is loaded only where the command line names it. */
export interface NamedCommand {
  readonly name: string;
  /** What the list of commands shows behind the name: the same as Commander shows of the command that is loaded. */
  readonly usage?: string;
  readonly description: string;
  /** Loads the function that gives the command its options and its action. */
  load(): Promise<(command: Command, io: Io) => void>;
}

/** All commands of the first level, in the order of `carillon --help`. */
export const COMMANDS: readonly NamedCommand[] = [
  {
    name: 'coordinator',
    usage: '[options]',
    description: 'turn due jobs into runs; contend for the leadership',
    load: async () => (await import('./servers/coordinator.js')).addCoordinator,
  },
  {
    name: 'worker',
    usage: '[options]',
    description: 'run tasks',
    load: async () => (await import('./servers/worker.js')).addWorker,
  },
  {
    name: 'dev',
    usage: '[options]',
    description: 'run a coordinator, a worker and Redis, for development',
    load: async () => (await import('./servers/dev.js')).addDev,
  },
  {
    name: 'jobs',
    description: 'list, show and change jobs',
    load: async () => (await import('./jobs/command.js')).addJobs,
  },
  {
    name: 'import',
    description: 'add the jobs of another scheduler',
    load: async () => (await import('./import/command.js')).addImport,
  },
  {
    name: 'enqueue',
    usage: '[options] <task>',
    description: 'run a task now, once',
    load: async () => (await import('./enqueue/command.js')).addEnqueue,
  },
  {
    name: 'runs',
    description: 'list, show, await and cancel runs, and retry failed ones',
    load: async () => (await import('./runs/command.js')).addRuns,
  },
  {
    name: 'events',
    usage: '[options]',
    description: 'print events as they happen',
    load: async () => (await import('./events/command.js')).addEvents,
  },
  {
    name: 'next',
    usage: '[options] [cron]',
    description: 'print when a trigger, or a job, fires',
    load: async () => (await import('./next/command.js')).addNext,
  },
  {
    name: 'workers',
    usage: '[options]',
    description: 'list the workers of a job store',
    load: async () => (await import('./workers/command.js')).addWorkers,
  },
  {
    name: 'job-stores',
    description: 'list, register and forget job stores',
    load: async () => (await import('./job-stores/command.js')).addJobStores,
  },
  {
    name: 'quarantine',
    description: 'list, show, restore and remove records that could not be read',
    load: async () => (await import('./quarantine/command.js')).addQuarantine,
  },
  {
    name: 'explain',
    usage: '[options] <job|run> [when]',
    description: 'explain why a job ran at an instant, or why it did not',
    load: async () => (await import('./account/explain.js')).addExplain,
  },
  {
    name: 'audit',
    usage: '[options]',
    description: 'check that each fire time has one outcome',
    load: async () => (await import('./account/audit.js')).addAudit,
  },
  {
    name: 'forecast',
    usage: '[options]',
    description: 'predict which jobs fire, and in which minutes most do',
    load: async () => (await import('./forecast/command.js')).addForecast,
  },
  {
    name: 'alerts',
    description: 'watch for failures, and deliver alerts; list and silence them',
    load: async () => (await import('./alerts/command.js')).addAlerts,
  },
  {
    name: 'console',
    usage: '[options]',
    description: 'serve the web page and the HTTP API',
    load: async () => (await import('./console/command.js')).addConsole,
  },
  {
    name: 'doctor',
    usage: '[options]',
    description: 'report what is wrong, and what to do about it',
    load: async () => (await import('./doctor/command.js')).addDoctor,
  },
  {
    name: 'health',
    usage: '[options]',
    description: 'check the health of a server on this machine',
    load: async () => (await import('./health/command.js')).addHealth,
  },
];
