import type { Logger } from 'pino';
import { type CarillonError, ConnectionError, InvalidOptionsError, isFormatError } from './errors.js';
import { errorInfo } from './event/outcome.js';
import { type Happening, OF_USERS, WORDING, type Worded } from './happening.js';
import { isConnectionFault, redisOf } from './outage-log/connection-fault.js';
import { OutageLog } from './outage-log/outage-log.js';
import type { Clock } from './ports/clock.js';

/** The one instrument that operations report through. */
export type Report = (happening: Happening) => void;

/** The most runs that a line names by their ids. */
const MOST_IDS = 5;

/** Those who report to the same logger say together that Redis is gone. */
const outagesOf = new WeakMap<Logger, OutageLog>();

/** What is written once to each logger. */
const loggedOnce = new WeakMap<Logger, Set<string>>();
const MOST_LOGGED = 10_000;

/**
 * Writes what happens to a pino logger. The answer never throws. That Redis is not reached is written once for each Redis,
 * whichever calls fail because of that, every 10 s while it lasts, and once when it is over. That the format of a job store, or a record of a
 * newer release, is not read is written once.
 * @param clock by which Redis is gone; of those that are given for the same logger the first counts.
 */
export function reportTo(logger: Logger, clock: Clock = quietClock): Report {
  checkLogger(logger);
  const outages = outagesOf.get(logger) ?? new OutageLog(({ kind, ...line }) => write(logger, kind, line), clock);
  outagesOf.set(logger, outages);
  return (happening) => {
    if (happening.kind === 'connection') return outages.changed(happening.connection, happening.change);
    const { kind, ...details } = happening;
    const { error, fault = error, ...rest } = details as { error?: unknown; fault?: unknown };
    if (
      happening.kind === 'record_newer' &&
      !isFirst(logger, `${happening.record} ${happening.id} of ${happening.jobStore}`)
    )
      return;
    if (!OF_USERS.has(kind) && isFormatError(fault)) return formatNotRead(logger, fault);
    if (OF_USERS.has(kind) || !isConnectionFault(fault)) {
      write(logger, kind, rest, error);
    } else if (!outages.failed(redisOf(fault), fault)) {
      write(logger, kind, error === undefined ? rest : { ...rest, reason: fault.message });
    }
  };
}

/** Whatever fails because of it, and however often that is tried again, a job store is written of once. */
function formatNotRead(logger: Logger, { code, message }: CarillonError): void {
  if (isFirst(logger, message)) write(logger, 'format_not_read', { code, why: message });
}

function isFirst(logger: Logger, what: string): boolean {
  const logged = loggedOnce.get(logger) ?? new Set();
  loggedOnce.set(logger, logged);
  if (logged.has(what)) return false;
  if (logged.size >= MOST_LOGGED) logged.clear();
  logged.add(what);
  return true;
}

function write(logger: Logger, kind: Worded, details: object, error?: unknown): void {
  const [level, message] = WORDING[kind];
  const write = (logged: object) => logger[level]({ ...countedRuns(details), ...logged }, message);
  if (error === undefined) attempt(() => write({}));
  else if (!attempt(() => write({ err: toWrite(error) }))) attempt(() => write({ err: errorInfo(error) }));
}

/** Of many runs, how many they are and some of their ids. */
function countedRuns<T extends { readonly runIds?: readonly string[] }>(details: T): object {
  const { runIds } = details;
  return runIds ? { ...details, count: runIds.length, runIds: runIds.slice(0, MOST_IDS) } : details;
}

/** What cannot be logged (an error whose members throw, a full disk) does not harm its reporter. */
function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}

/** The process' own clock, whose timers keep no process alive. */
const quietClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** Without what must not be seen, and without what is said twice: the message of our own names its cause. */
function toWrite(error: unknown): unknown {
  if (!(error instanceof Error)) return errorInfo(error);
  if (!(error instanceof ConnectionError)) return withoutCommand(error);
  const { message, redis, stack } = error;
  const written = new ConnectionError(message, redis === undefined ? {} : { redis });
  return Object.assign(written, { stack });
}

/** The Redis client adds the command to its errors, with its arguments: AUTH and its password, or users' data. */
function withoutCommand(error: Error): Error {
  if (!('command' in error)) return error;
  const { command } = error;
  if (typeof command === 'object' && command !== null && 'args' in command) Reflect.deleteProperty(error, 'command');
  return error;
}

function checkLogger(logger: unknown): void {
  const given = typeof logger === 'object' || typeof logger === 'function' ? (logger as Partial<Logger> | null) : null;
  const isLogger =
    given !== null &&
    (['debug', 'info', 'warn', 'error'] as const).every((level) => typeof given[level] === 'function');
  if (!isLogger)
    throw new InvalidOptionsError(
      'logger: give an object with the methods debug, info, warn and error, such as a pino logger',
    );
}
