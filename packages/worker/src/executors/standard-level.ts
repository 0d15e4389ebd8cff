import { type Logger, pino } from 'pino';

/**
 * The level that a logger in another thread or process is to have, which knows pino's own levels only: the same, or the next one
 * below. What is too much then, the logger here leaves out.
 */
export function standardLevel({ level, levelVal }: Logger): string {
  if (level === 'silent') return level;
  const below = Object.entries(pino.levels.values).filter(([, value]) => value <= levelVal);
  return below.sort(([, one], [, other]) => other - one)[0]?.[0] ?? 'trace';
}
