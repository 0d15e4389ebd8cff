import { type Logger, pino } from 'pino';
import { LEVEL_MEMBER } from '../relog.js';

/** A logger whose lines go out, as JSON, to be written by that of the worker. */
export function insideLogger(level: string, send: (line: string) => void): Logger {
  const plain = { base: null, timestamp: false, formatters: { level: (label: string) => ({ [LEVEL_MEMBER]: label }) } };
  return pino({ level, ...plain }, { write: send });
}
