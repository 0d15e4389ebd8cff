import {
  type CronFieldOptions,
  cron,
  type Duration,
  date,
  type IntervalOptions,
  interval,
  type JsonObject,
  type Trigger,
} from '@carillon/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../exit-codes.js';
import { duration, instant, jsonObject } from './values.js';

/** When a job fires, as options. */
export interface TriggerOptions {
  readonly cron?: string;
  readonly fields?: CronFieldOptions;
  readonly every?: Duration;
  readonly at?: Date;
  readonly trigger?: JsonObject;
  readonly timezone?: string;
  readonly startAt?: Date;
  readonly endAt?: Date;
  readonly jitter?: Duration;
}

/** Options of which each names a trigger. */
export const TRIGGER_KINDS = ['cron', 'fields', 'every', 'at', 'trigger'] as const;

/** Adds the options that name a trigger, and those that go with some of them. */
export function withTrigger(command: Command): Command {
  const kind = (flags: string, text: string, name: (typeof TRIGGER_KINDS)[number]) =>
    new Option(flags, text).conflicts(TRIGGER_KINDS.filter((one) => one !== name));
  return command
    .addOption(kind('--cron <expression>', 'by a crontab string', 'cron'))
    .addOption(
      kind('--fields <fields>', "by the fields of a clock, such as 'day=last fri hour=9'", 'fields').argParser(
        cronFields,
      ),
    )
    .addOption(kind('--every <duration>', 'at this interval', 'every').argParser(duration))
    .addOption(kind('--at <instant>', 'once, then', 'at').argParser(instant))
    .addOption(kind('--trigger <json>', 'any trigger, in its JSON form', 'trigger').argParser(jsonObject))
    .option('--start-at <instant>', 'with --cron, --fields, --every: not before', instant)
    .option('--end-at <instant>', 'with --cron, --fields, --every: not after', instant)
    .option('--jitter <duration>', 'with --cron, --fields, --every: the longest random delay of a fire', duration);
}

export function withTimezone(command: Command): Command {
  return command.option('--timezone <zone>', 'with --cron, --fields: the time zone (default: UTC)');
}

/** The trigger that the options name, if they name one. @throws UsageError, InvalidTriggerError */
export function triggerOf(options: TriggerOptions): Trigger | undefined {
  const { cron: expression, fields, every, at, trigger, timezone, startAt, endAt, jitter } = options;
  const window = { startAt, endAt, jitter };
  const clock = expression ?? fields;
  if (clock !== undefined) return cron(clock, { timezone, ...window });
  if (timezone !== undefined) throw new UsageError('--timezone needs --cron or --fields');
  if (every !== undefined) return interval({ ...stepOf(every), ...window });
  const stray = Object.entries({ '--start-at': startAt, '--end-at': endAt, '--jitter': jitter }).find(([, v]) => v);
  if (stray) throw new UsageError(`${stray[0]} needs --cron, --fields or --every`);
  // Its form is checked where the job is.
  return at === undefined ? (trigger as unknown as Trigger | undefined) : date(at);
}

/** `day=last fri hour=9` as the fields of a cron trigger; which there are, and what they may say, the trigger checks. */
export function cronFields(text: string): CronFieldOptions {
  const parts = text.trim().split(/\s+(?=\w+=)/);
  const fields = parts.map((part) => /^(\w+)=(.+)$/.exec(part) ?? wrongField(part));
  const names = fields.map(([, name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`);
  return Object.fromEntries(fields.map(([, name, value]) => [name, value?.trim()])) as CronFieldOptions;
}

function wrongField(part: string): never {
  throw new InvalidArgumentError(
    `${JSON.stringify(part)} is not a field and its value, such as 'day=last fri hour=9'.`,
  );
}

const FIELD = { w: 'weeks', d: 'days', h: 'hours', m: 'minutes', s: 'seconds', ms: 'milliseconds' } as const;

function stepOf(every: Duration): IntervalOptions {
  const unit = String(every).replace(/^[\d.]+/, '') as keyof typeof FIELD;
  return { [FIELD[unit]]: Number.parseFloat(String(every)) };
}
