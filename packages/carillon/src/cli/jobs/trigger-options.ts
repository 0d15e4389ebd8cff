import {
  cron,
  type Duration,
  date,
  type IntervalOptions,
  interval,
  type JsonObject,
  type Trigger,
} from '@carillon/core';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { duration, instant, jsonObject } from '../options/values.js';

/** When a job fires, as options. */
export interface TriggerOptions {
  readonly cron?: string;
  readonly every?: Duration;
  readonly at?: Date;
  readonly trigger?: JsonObject;
  readonly timezone?: string;
  readonly startAt?: Date;
  readonly endAt?: Date;
  readonly jitter?: Duration;
}

const KINDS = ['cron', 'every', 'at', 'trigger'] as const;

export function withTrigger(command: Command): Command {
  const others = (kind: (typeof KINDS)[number]) => KINDS.filter((one) => one !== kind);
  return command
    .addOption(new Option('--cron <expression>', 'when the clock says this').conflicts(others('cron')))
    .addOption(new Option('--every <duration>', 'so often').argParser(duration).conflicts(others('every')))
    .addOption(new Option('--at <instant>', 'once, then').argParser(instant).conflicts(others('at')))
    .addOption(
      new Option('--trigger <json>', 'any trigger, in its JSON form')
        .argParser(jsonObject)
        .conflicts(others('trigger')),
    )
    .option('--timezone <zone>', 'with --cron: whose clock (default: UTC)')
    .option('--start-at <instant>', 'with --cron, --every: not before', instant)
    .option('--end-at <instant>', 'with --cron, --every: not after', instant)
    .option('--jitter <duration>', 'with --cron, --every: later by up to this much', duration);
}

/** The trigger that the options name; undefined: none, so once, now. @throws UsageError, InvalidTriggerError */
export function triggerOf(options: TriggerOptions): Trigger | undefined {
  const { cron: expression, every, at, trigger, timezone, startAt, endAt, jitter } = options;
  const window = { startAt, endAt, jitter };
  if (expression !== undefined) return cron(expression, { timezone, ...window });
  if (timezone !== undefined) throw new UsageError('--timezone goes with --cron');
  if (every !== undefined) return interval({ ...stepOf(every), ...window });
  const stray = Object.entries({ '--start-at': startAt, '--end-at': endAt, '--jitter': jitter }).find(([, v]) => v);
  if (stray) throw new UsageError(`${stray[0]} goes with --cron or --every`);
  // Its form is checked where the job is.
  return at === undefined ? (trigger as unknown as Trigger | undefined) : date(at);
}

const FIELD = { w: 'weeks', d: 'days', h: 'hours', m: 'minutes', s: 'seconds', ms: 'milliseconds' } as const;

function stepOf(every: Duration): IntervalOptions {
  if (typeof every === 'number') return { milliseconds: every };
  const unit = every.replace(/^[\d.]+/, '') as keyof typeof FIELD;
  return { [FIELD[unit]]: Number.parseFloat(every) };
}
