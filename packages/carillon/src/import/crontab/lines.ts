import type { Schedule } from './trigger.js';

/** A line of a crontab that runs a command. */
export interface CronLine {
  readonly number: number;
  readonly schedule: Schedule;
  /** The user, if the file has a column of users. */
  readonly user: string | undefined;
  readonly command: string;
  /** The standard input of the command. */
  readonly stdin: string | undefined;
  /** Variables that were set above it. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CronFault {
  readonly number: number;
  readonly why: string;
}

const VARIABLE = /^\s*("[^"]*"|'[^']*'|[^\s"'=#][^\s=]*)\s*=\s*(.*?)\s*$/;

/** Every line that runs a command; comments and blank lines are left out. */
export function readLines(
  text: string,
  hasUsers: boolean,
): { lines: readonly CronLine[]; faults: readonly CronFault[] } {
  const lines: CronLine[] = [];
  const faults: CronFault[] = [];
  let env: Readonly<Record<string, string>> = {};
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const [, name, value] = VARIABLE.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env = { ...env, [unquoted(name)]: unquoted(value) };
    else {
      const read = readEntry(line, hasUsers);
      if (typeof read === 'string') faults.push({ number: index + 1, why: read });
      else lines.push({ number: index + 1, ...read, env });
    }
  }
  return { lines, faults };
}

/** The parts of a line, or why some are missing. */
function readEntry(line: string, hasUsers: boolean): Omit<CronLine, 'number' | 'env'> | string {
  const fields = line.startsWith('@') ? 1 : 5;
  const words = new RegExp(`^((?:\\S+[ \\t]+){${fields}})${hasUsers ? '(\\S+)[ \\t]+' : '()'}(.*)$`).exec(line);
  const [, schedule = '', user = '', rest = ''] = words ?? [];
  if (rest.trim() === '') {
    const wanted = `${fields === 1 ? 'a nickname' : 'five fields'}${hasUsers ? ', a user' : ''} and a command`;
    return `${JSON.stringify(line.slice(0, 60))} is neither NAME=value nor ${wanted}`;
  }
  const { command, stdin } = splitCommand(rest);
  if (command.trim() === '') return `${JSON.stringify(line.slice(0, 60))} has no command before its %`;
  return {
    schedule: schedule.trim().split(/\s+/) as unknown as Schedule,
    user: hasUsers ? user : undefined,
    command,
    stdin,
  };
}

/** The command ends at the first `%`; what follows is its input, in which each `%` ends a line. `\%` is a `%`. */
function splitCommand(text: string): { readonly command: string; readonly stdin: string | undefined } {
  const [command = '', ...input] = text.split(/(?<!\\)%/).map((part) => part.replaceAll('\\%', '%'));
  return { command, stdin: input.length > 0 ? `${input.join('\n').replace(/\n$/, '')}\n` : undefined };
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}
