import type { Level, Logger } from 'pino';

/** The member with the level of a line: a task may log a member `level` of its own. */
export const LEVEL_MEMBER = 'carillon:level';

/** Writes the lines of a task in another thread or process as if they were logged here. */
export function relogTo(logger: Logger): (line: string) => void {
  // It was made plain data where it was thrown.
  const out = logger.child({}, { serializers: { err: (error: unknown) => error } });
  return (line) => {
    const { [LEVEL_MEMBER]: level, msg, ...members } = JSON.parse(line) as { readonly [name: string]: string };
    const known = level !== undefined && level in out.levels.values ? (level as Level) : 'info';
    if (msg === undefined) out[known](members);
    else out[known](members, msg);
  };
}
