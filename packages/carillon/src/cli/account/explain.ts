import type { Explanation, ExplanationPage, RunExplanation, Scheduler } from '@carillon/core';
import { RunNotFoundError } from '@carillon/core';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import { CliError, EXIT, UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { ago, countUpTo } from '../options/values.js';

interface Options extends PlaceOptions {
  readonly to?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
An instant is one with its offset, a time by the clock of the job's zone, \`now\`, or a duration back: 90m, 2h, 1d. With --to, each
fire time and each outcome of that period is printed. Without an instant, the id is that of a run, whose life is printed.

Examples:
  $ carillon explain daily-eu '2026-10-25 02:30'
  $ carillon explain daily-eu 2026-10-25T00:30:00Z --json
  $ carillon explain daily-eu 1d --to now
  $ carillon explain 3mvBVY2NwqeWlHLHDJ6Dmw`;

export function addExplain(command: Command, io: Io): void {
  withPlace(
    command
      .argument('<job|run>', 'the id of the job, or that of a run')
      .argument('[when]', 'the instant; without it, the id is that of a run'),
  )
    .option('--to <instant>', 'explain the period from the instant to this one')
    .option('--limit <n>', 'the most explanations of a period (default: 1000)', countUpTo(10_000))
    .option('--json', 'as JSON lines')
    .addHelpText('after', EXAMPLES)
    .action((id: string, when: string | undefined, options: Options) =>
      withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        if (options.limit !== undefined && options.to === undefined) throw new UsageError('--limit needs --to');
        if (when !== undefined) {
          const explanations = await explained(io, scheduler, id, when, options, choice);
          await requireKnown(scheduler, id, explanations, choice);
          return print(io, explanations, options);
        }
        if (options.to !== undefined) throw new UsageError('--to: give the instant from which on, too');
        print(io, [await life(scheduler, id, jobStore, choice)], options);
      }),
    );
}

async function explained(
  io: Io,
  scheduler: Scheduler,
  id: string,
  when: string,
  { to, limit = 1_000 }: Options,
  choice: { readonly jobStore: string },
): Promise<readonly Explanation[]> {
  const from = instantText(when);
  if (to === undefined) return [await scheduler.explain(id, from, choice)];
  const page: ExplanationPage = await scheduler.explain(id, { from, to: instantText(to), limit }, choice);
  const last = page.explanations.at(-1);
  if (page.cursor !== null && last)
    io.note(`there is more after ${last.instant.toISOString()}: raise --limit, or begin there`);
  return page.explanations;
}

/** @throws JobNotFoundError if nothing is known of the job: its id may be wrong. */
async function requireKnown(
  scheduler: Scheduler,
  id: string,
  explanations: readonly Explanation[],
  choice: { readonly jobStore: string },
): Promise<void> {
  if (explanations.some(({ code }) => code !== 'not_existing' && code !== 'unknown_before')) return;
  const now = new Date();
  await scheduler.audit({ ...choice, jobs: [id], from: now, to: now });
}

async function life(
  scheduler: Scheduler,
  id: string,
  jobStore: string,
  choice: { readonly jobStore: string },
): Promise<RunExplanation> {
  try {
    return await scheduler.explainRun(id, choice);
  } catch (error) {
    if (!(error instanceof RunNotFoundError)) throw error;
    const what = JSON.stringify(id);
    throw new CliError(
      EXIT.notFound,
      `nothing is known of a run ${what} in job store "${jobStore}"; of a job, give the instant, too: carillon explain ${id} 1d --to now`,
      { cause: error },
    );
  }
}

function print(io: Io, explanations: readonly (Explanation | RunExplanation)[], { json }: Options): void {
  for (const one of explanations) {
    if (json) io.sayJson(one);
    else io.say(one.sentence);
  }
}

/** `now`, a duration back by this machine's clock, or the text as it is: the scheduler checks it. */
function instantText(text: string): Date | string {
  if (text === 'now') return new Date();
  if (!/^\d+(\.\d+)?(ms|s|m|h|d|w)?$/.test(text)) return text;
  try {
    return ago(text);
  } catch (error) {
    throw new UsageError(`explain: ${JSON.stringify(text)}: ${(error as Error).message}`);
  }
}
