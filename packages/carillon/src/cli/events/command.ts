import { type CarillonEvent, type EventType, Scheduler } from '@carillon/core';
import type { Command } from 'commander';
import { ClientLog } from '../client-log.js';
import type { Io } from '../io.js';
import { type PlaceOptions, placeOf, withPlace } from '../options/place.js';
import { count, list, since } from '../options/values.js';
import { lineOf, wireOf } from './lines.js';

interface Options extends PlaceOptions {
  readonly type?: EventType[];
  readonly job?: readonly string[];
  readonly run?: readonly string[];
  readonly task?: readonly string[];
  readonly count?: number;
  readonly since?: Date | string;
  readonly json?: boolean;
}

const EXAMPLES = `
It prints events from now on, until Ctrl-C. Events that are published while no client listens are not printed later: a gap in \`seq\`, which counts the events of one type in one job store, shows the loss. With --since it first prints earlier events, and loses none: a job store keeps its last 20,000 events. docs/events.md has all types.

Examples:
  $ carillon events
  $ carillon events --type job_error,job_missed --job daily-eu
  $ carillon events --since 10m --type job_error --task report.daily
  $ carillon events --json --count 1 --type job_executed | jq .value`;

export function addEvents(command: Command, io: Io): void {
  withPlace(command, 'several')
    .option('--type <types>', 'only these types; repeat it, or use commas, for several', list)
    .option('--job <id>', 'only of this job; repeat it for several', again)
    .option('--run <id>', 'only of this run; repeat it for several', again)
    .option('--task <name>', 'only of this task; repeat it for several', again)
    .option('--since <when>', 'an instant, a duration back from now, or the eventId of an event (after it)', since)
    .option('--count <n>', 'end after this number of events', count)
    .option('--json', 'as JSON lines, in the form of docs/events.schema.json')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      const { logger } = new ClientLog(io);
      const scheduler = new Scheduler({ ...placeOf(options, io.env), logger });
      try {
        await listen(io, scheduler, options, () => {
          // From here on, it is for this to say that the connection is lost.
          logger.level = 'warn';
          io.note('listening; Ctrl-C ends');
        });
      } finally {
        await scheduler.shutdown();
      }
    });
}

const again = (value: string, before?: string[]) => [...(before ?? []), value];

/** Whether an event is of one of these jobs, one of these runs and one of these tasks, as far as they are named. */
function isWanted(event: CarillonEvent, { job, run, task }: Options): boolean {
  const { jobId, runId, task: ofTask } = event as { jobId?: string | null; runId?: string | null; task?: string };
  const isAmong = (wanted: readonly string[] | undefined, is: string | null | undefined) =>
    wanted === undefined || wanted.includes(is ?? '');
  return isAmong(job, jobId) && isAmong(run, runId) && isAmong(task, ofTask);
}

/** Resolves after the requested number of events, or with the first signal. */
async function listen(io: Io, scheduler: Scheduler, options: Options, onReady: () => void): Promise<void> {
  const { type, count: wanted, json, since } = options;
  let left = wanted ?? Number.POSITIVE_INFINITY;
  await new Promise<void>((resolve, reject) => {
    const onEvent = (event: CarillonEvent) => {
      if (left <= 0 || !isWanted(event, options)) return;
      if (json) io.sayJson(wireOf(event));
      else io.say(lineOf(event));
      left -= 1;
      if (left <= 0) resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) io.surroundings.signals.once(signal, () => resolve());
    scheduler.addListener(onEvent, type, { since }).then(onReady, reject);
  });
}
