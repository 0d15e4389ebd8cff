import { type JobFieldRow, jobFields } from '@carillon/core/internal';
import { type Command, Option } from 'commander';
import { count, duration, wholeNumber } from './values.js';

type Group = 'execution' | 'policy' | 'job';

/** How commands read values of each kind. */
const READERS = { count, 'whole number': wholeNumber, duration } as const;

/** The fields of a job that are one value, which one option gives. */
function plainFields(group: Group): readonly JobFieldRow[] {
  return jobFields.filter(({ belongsTo, command }) => belongsTo === group && command);
}

/** Adds an option for each of the plain fields of a group. */
export function withFields(command: Command, group: Group): Command {
  for (const { kind, command: given, default: usual } of plainFields(group)) {
    if (!given) continue;
    const option = new Option(given.flags, given.help);
    if (typeof kind === 'object') option.choices(kind);
    else if (kind && kind in READERS) option.argParser(READERS[kind as keyof typeof READERS]);
    command.addOption(option);
    if (usual === true) command.addOption(negated(given.flags, given.without));
  }
  return command;
}

/** Adds options that take away what a job has. */
export function withoutFields(command: Command, group: Group): Command {
  for (const { command: given, default: usual } of plainFields(group)) {
    if (given?.without && usual !== true) command.addOption(negated(given.flags, given.without));
  }
  return command;
}

function negated(flags: string, help: string | undefined): Option {
  return new Option(flags.replace(/^--(\S+).*$/, '--no-$1'), help);
}

/** What options say of the plain fields of some groups; what was taken away is null. */
export function fieldsOf(options: object, ...groups: readonly Group[]): Readonly<Record<string, unknown>> {
  const fields = groups.flatMap(plainFields);
  return Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = (options as Readonly<Record<string, unknown>>)[name];
      return [name, value === false && kind !== 'flag' ? null : value];
    }),
  );
}
