import type { AuditFinding, AuditReport } from '@carillon/core';
import { counted, ofNumber } from '@carillon/core/internal';
import type { Command } from 'commander';
import { withClient } from '../client.js';
import { requireJobStore } from '../existing-store.js';
import { EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { instant, names } from '../options/values.js';
import { table } from '../table.js';

interface Options extends PlaceOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly job?: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Compares each fire time of each revision of the jobs with the recorded outcomes: each should have one. The exit code is 1 if one has no outcome, or several, or if an account cannot be read. It changes nothing, and does not involve the leader.

Examples:
  $ carillon audit
  $ carillon audit --from 2026-10-01T00:00:00Z --to 2026-11-01T00:00:00Z
  $ carillon audit --job daily-eu,daily-us --json`;

export function addAudit(command: Command, io: Io): void {
  withPlace(command)
    .option('--from <instant>', 'the first instant (default: as far back as the accounts go)', instant)
    .option('--to <instant>', 'the last instant (default: now)', instant)
    .option('--job <ids>', 'only of these jobs, with commas between', names)
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) =>
      withClient(io, options, async ({ scheduler, jobStore, choice }) => {
        const { from, to, job: jobs } = options;
        const report = await scheduler.audit({ ...choice, from, to, jobs });
        // An audit of nothing finds nothing: the name of the job store may be wrong.
        if (report.jobs === 0) await requireJobStore(io, options, jobStore);
        if (options.json) io.sayJson(report);
        else io.say(inWords(report));
        if (report.found > 0 || report.unreadable.length > 0) io.exitCode = EXIT.failed;
      }),
    );
}

const KINDS = {
  unaccounted: 'no outcome',
  double: 'several outcomes',
  not_named: 'an outcome, and no trigger names it',
} as const satisfies Record<AuditFinding['kind'], string>;

function inWords(report: AuditReport): string {
  const { jobs, fireTimes, found, findings, unreadable, speaksFrom } = report;
  const since = speaksFrom
    ? `The accounts speak from ${speaksFrom.toISOString()} on.`
    : 'Nothing is recorded: not all coordinators and workers write the account yet.';
  const summary = `${counted(fireTimes, 'fire time')} of ${counted(jobs, 'job')} ${ofNumber(fireTimes, 'was', 'were')} compared, ${counted(found, 'is', 'are')} wrong. ${since}`;
  const rows = findings.map(({ jobId, kind, first, last, count, outcomes }) => [
    jobId,
    KINDS[kind],
    first.toISOString(),
    last.toISOString(),
    String(count),
    outcomes.join(', '),
  ]);
  const wrong = rows.length > 0 ? [table(['JOB', 'WRONG', 'FIRST', 'LAST', 'COUNT', 'KEPT'], rows)] : [];
  return [summary, ...wrong, ...unreadable.map(({ jobId, why }) => `job ${jobId}: ${why}`)].join('\n');
}
