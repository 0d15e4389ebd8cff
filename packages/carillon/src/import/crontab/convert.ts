import { hash } from 'node:crypto';
import { InvalidTriggerError } from '@carillon/core';
import { type Choices, changed, commonOf, type Entry, lost, type Note } from '../entry.js';
import { type CronFault, type CronLine, readLines } from './lines.js';
import { triggerOf } from './trigger.js';

/** A file of cron's. */
export interface Crontab {
  /** For messages. */
  readonly file: string;
  /** The beginning of its jobs' ids. */
  readonly name: string;
  readonly text: string;
  /** Whether a column of users stands before the commands, as in `/etc/crontab`. */
  readonly hasUsers: boolean;
}

/** A fault of a line. Cron itself refuses a file that has one. */
export interface FileFault extends CronFault {
  readonly file: string;
}

/** Variables for cron itself, and not for its commands. */
const FOR_CRON = ['MAILTO', 'MAILFROM', 'CONTENT_TYPE', 'CONTENT_TRANSFER_ENCODING', 'CRON_TZ', 'RANDOM_DELAY'];

/** The jobs that do what the lines of these files do. */
export function convertCrontabs(
  crontabs: readonly Crontab[],
  choices: Choices,
): { readonly entries: readonly Entry[]; readonly faults: readonly FileFault[] } {
  const entries: Entry[] = [];
  const faults: FileFault[] = [];
  const ids = new Map<string, number>();
  for (const crontab of crontabs) {
    const { file } = crontab;
    const read = readLines(crontab.text, crontab.hasUsers);
    const ofFile: CronFault[] = [...read.faults];
    for (const line of read.lines) {
      try {
        entries.push(convertLine(line, crontab, idOf(line, crontab, ids), choices));
      } catch (error) {
        if (!(error instanceof RangeError || error instanceof InvalidTriggerError)) throw error;
        ofFile.push({ number: line.number, why: error.message });
      }
    }
    faults.push(...ofFile.sort((a, b) => a.number - b.number).map((fault) => ({ file, ...fault })));
  }
  return { entries, faults };
}

/** Of file, user and command: it stays where the schedule or the line's number changes. The same command again has a number. */
function idOf({ user = '', command, stdin = '' }: CronLine, { name }: Crontab, ids: Map<string, number>): string {
  const words = command.replaceAll(/[^A-Za-z0-9._]+/g, '-').replace(/^-+/, '');
  const digest = hash('sha256', JSON.stringify([user, command, stdin]), 'hex').slice(0, 8);
  const id = `${name}:${words.slice(0, 40).replace(/-+$/, '')}:${digest}`;
  const count = (ids.get(id) ?? 0) + 1;
  ids.set(id, count);
  return count === 1 ? id : `${id}:${count}`;
}

function convertLine(line: CronLine, { file }: Crontab, id: string, choices: Choices): Entry {
  const { schedule, user, command, stdin, env, number } = line;
  const from = `${file}:${number}`;
  if (schedule[0] === '@reboot') {
    return { from, why: '@reboot: it names no time; start the command with the machine, such as by a systemd unit' };
  }
  const timezone = env.CRON_TZ ?? choices.timezone;
  const jitter = jitterOf(env.RANDOM_DELAY);
  const { trigger, notes } = triggerOf(schedule, { timezone: timezone ?? 'UTC', ...(jitter && { jitter }) });
  const forCommand = Object.entries(env).filter(([name]) => !FOR_CRON.includes(name));
  const kwargs = {
    ...(forCommand.length > 0 && { env: Object.fromEntries(forCommand) }),
    ...(stdin !== undefined && { stdin }),
    ...(user !== undefined && { user }),
  };
  const name = command.trim();
  return {
    from,
    spec: {
      id,
      name: name.length > 255 ? `${name.slice(0, 254)}…` : name,
      task: choices.task('shell'),
      args: [command],
      ...(Object.keys(kwargs).length > 0 && { kwargs }),
      trigger,
      executor: choices.executor('crontab'),
      ...commonOf(choices),
    },
    notes: [...notes, ...notesOf(line, timezone)],
  };
}

/** cronie's RANDOM_DELAY: minutes. */
function jitterOf(delay: string | undefined): `${number}m` | undefined {
  if (delay === undefined || !/^\d+$/.test(delay) || Number(delay) === 0) return undefined;
  return `${Number(delay)}m`;
}

function notesOf({ env, user, command }: CronLine, timezone: string | undefined): readonly Note[] {
  const { MAILTO, TZ, RANDOM_DELAY } = env;
  const notes: Note[] = [];
  if (timezone === undefined) {
    const forCommand = TZ === undefined ? '' : `; TZ=${TZ} is for the command alone, as in Vixie cron`;
    notes.push(changed(`read in UTC, while cron uses the zone of its machine: give --timezone${forCommand}`));
  }
  if (MAILTO) notes.push(lost(`MAILTO=${MAILTO}: no mail is sent; see carillon alerts`));
  if (user !== undefined) notes.push(changed(`cron runs it as ${user}, a worker as its own user`));
  else if (/^(root|www-data|nobody)\s/.test(command)) {
    notes.push(changed('the command begins with the name of a user: give --user-format if the file has that column'));
  }
  if (jitterOf(RANDOM_DELAY)) notes.push(changed(`RANDOM_DELAY=${RANDOM_DELAY}: each fire has its own delay`));
  return notes;
}
