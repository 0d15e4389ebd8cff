import { compileTrigger, cron } from '@carillon/core';
import { redisBackend } from '@carillon/core/internal';
import { type Command, Option } from 'commander';
import { convertRecord } from '../../import/bullmq/convert.js';
import { convertDelayed, isPendingFire } from '../../import/bullmq/delayed.js';
import type { Entry } from '../../import/entry.js';
import { CliError, EXIT } from '../exit-codes.js';
import type { Io } from '../io.js';
import { placeOf } from '../options/place.js';
import { list } from '../options/values.js';
import { importEntries } from './import.js';
import { choicesOf, type ImportOptions, withImport } from './options.js';

interface Options extends ImportOptions {
  readonly queue: readonly string[];
  readonly bullmqPrefix: string;
  readonly bullmqRedis?: string;
  readonly delayed?: boolean;
}

const EXAMPLES = `
Prints what it would add, and writes nothing without --apply; it never writes to BullMQ's keys. A job's task has the
name of BullMQ's job, and gets its data as its argument.

Examples:
  $ carillon import bullmq --queue mail --queue reports
  $ carillon import bullmq --queue mail --bullmq-redis redis://old.example:6379 --apply --paused --tag moved
  $ carillon import bullmq --queue mail --delayed
  $ carillon import bullmq --queue mail --task 'send mail=mail.send' --executor mail=mail`;

export function addBullmq(group: Command, io: Io): void {
  const command = group
    .command('bullmq')
    .description("add jobs that do what BullMQ's job schedulers do, and its delayed jobs");
  withImport(command, {
    task: "the jobs' task, or <name>=<task> of one (default: BullMQ's name of the job)",
    executor: 'the queue that the jobs run in, or <queue>=<alias> for one (default: default)',
  })
    .requiredOption('--queue <queues>', 'queues of BullMQ: mail,reports, or repeat the option', list)
    .option('--delayed', 'add jobs for the delayed jobs, too: each fires once')
    .option('--bullmq-prefix <prefix>', "the prefix of BullMQ's keys", 'bull')
    .option('--bullmq-redis <url>', 'the Redis of BullMQ (default: --redis)')
    .addOption(
      new Option('--timezone <zone>', "BullMQ's time zone, if a pattern has no tz (default: UTC)").env(
        'CARILLON_TIMEZONE',
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      compileTrigger(cron('@daily', { timezone: options.timezone }));
      await importEntries(io, await readAll(io, options), options);
    });
}

async function readAll(io: Io, options: Options): Promise<readonly Entry[]> {
  const { queue: queues, bullmqPrefix, bullmqRedis, delayed = false } = options;
  const { redis } = placeOf({ ...options, ...(bullmqRedis !== undefined && { redis: bullmqRedis }) }, io.env);
  const backend = redisBackend({ redis, report: () => {}, fail: 'fast' });
  const choices = choicesOf(options);
  try {
    const entries: Entry[] = [];
    for (const queue of new Set(queues)) {
      const records = await backend.bullmqRecords(bullmqPrefix, queue);
      if (!records) {
        const message = `--queue: ${JSON.stringify(queue)} is not a queue under the prefix ${JSON.stringify(bullmqPrefix)}: check the name, --bullmq-prefix and --bullmq-redis`;
        throw new CliError(EXIT.notFound, message);
      }
      entries.push(...records.map((record) => convertRecord(record, queue, choices)));
      if (!delayed) continue;
      const waiting = (await backend.bullmqDelayed(bullmqPrefix, queue)).filter((record) => !isPendingFire(record));
      entries.push(...waiting.map((record) => convertDelayed(record, queue, choices)));
    }
    return entries;
  } finally {
    await backend.close();
  }
}
