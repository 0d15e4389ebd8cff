import { type Logger, pino } from 'pino';
import { LEVEL_MEMBER } from '../relog.js';

/** The level of a logger in terms that every logger knows: it may have levels of its own. */
export function standardLevel({ levelVal }: Pick<Logger, 'levelVal'>): string {
  const known = Object.entries(pino.levels.values).sort(([, one], [, other]) => one - other);
  return known.find(([, value]) => value >= levelVal)?.[0] ?? 'silent';
}

/** A logger whose lines go out, as JSON, to be written by that of the worker. */
export function insideLogger(level: string, send: (line: string) => void): Logger {
  const plain = { base: null, timestamp: false, formatters: { level: (label: string) => ({ [LEVEL_MEMBER]: label }) } };
  return pino({ level, ...plain }, { write: send });
}
