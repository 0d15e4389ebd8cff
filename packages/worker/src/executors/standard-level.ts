import { type Logger, pino } from 'pino';

/**
 * The level for a logger in another thread or process, which has pino's own levels only: the same level, or the next one below. The
 * logger here then drops the lines that are below its level.
 */
export function standardLevel({ level, levelVal }: Logger): string {
  if (level === 'silent') return level;
  const below = Object.entries(pino.levels.values).filter(([, value]) => value <= levelVal);
  return below.sort(([, one], [, other]) => other - one)[0]?.[0] ?? 'trace';
}
