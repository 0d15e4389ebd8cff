import { type Clock, systemClock } from '@carillon/core/internal';
import { type Logger, pino } from 'pino';

export const LOST = 'Redis is not reached; trying again';
export const STILL_GONE = 'Redis is still not reached; trying again';
export const BACK = 'Redis is reached again';

/** Messages that may follow an outage because leases and terms ended during it. None is about the connection. */
const CONSEQUENCES = [
  'workers have been silent for too long',
  'runs were lost by their workers or their queue; they will run again',
  'the leases of runs were lost; their signals are aborted, and their outcomes count for nothing',
  'runs are not ours any more; their outcomes count for nothing',
];

/** The lines of a logger. */
export class RecordedLog {
  readonly lines: { readonly msg: string; readonly goneMs?: number; readonly cause?: string }[] = [];
  readonly logger: Logger = pino(
    { level: 'warn', base: null },
    { write: (line: string) => void this.lines.push(JSON.parse(line)) },
  );

  /** All messages except those that may follow an outage. */
  get messages(): readonly string[] {
    return this.lines.map(({ msg }) => msg).filter((msg) => !CONSEQUENCES.includes(msg));
  }

  get hasStacks(): boolean {
    return this.lines.some((line) => /"stack"|\n\s+at /.test(JSON.stringify(line)));
  }
}

/** A clock that runs `times` times as fast as real time. */
export function fastClock(times: number): Clock {
  const began = systemClock.now();
  return {
    now: () => began + (systemClock.now() - began) * times,
    after: (ms, callback) => systemClock.after(ms / times, callback),
  };
}
