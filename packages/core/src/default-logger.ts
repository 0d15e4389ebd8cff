import { type Logger, pino } from 'pino';

/** How much waits to be written at most, while standard output takes nothing; what comes on top is dropped. */
const MAX_UNWRITTEN_BYTES = 16 * 1024 * 1024;

let shared: Logger | undefined;

/** The logger of all members of this process that are given none. */
export function sharedLogger(): Logger {
  shared ??= defaultLogger();
  return shared;
}

/** The logger where none is given: warnings and errors, or what `level` says, as JSON lines on standard output. */
export function defaultLogger(level = 'warn'): Logger {
  const output = pino.destination({ dest: 1, sync: false, maxLength: MAX_UNWRITTEN_BYTES });
  output.on('error', () => {
    // Else, a process whose disk is full could not even end: it would try to write what is left for ever.
    output.flushSync = () => {};
  });
  return pino({ name: 'carillon', level }, output);
}
