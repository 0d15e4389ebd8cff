import type { Preview } from '@carillon/core';
import type { Io } from '../io.js';
import { table } from '../table.js';
import { wallClockIn } from './wall-clock.js';

interface PrintOptions {
  /** The zone of the printed fire times. */
  readonly zone: string;
  /** How many were asked for. */
  readonly count: number;
  readonly json: boolean | undefined;
  /** By how much a fire is later than its time. */
  readonly delayMs: (at: Date) => number;
}

/** Says when a trigger fires, and what changes of clocks do to it. */
export function printFires(
  io: Io,
  { fireTimes, warnings }: Preview,
  { zone, count, json, delayMs }: PrintOptions,
): void {
  const fires = fireTimes.map((at) => ({ at, due: new Date(at.getTime() + delayMs(at)) }));
  if (json) {
    for (const { at, due } of fires) io.sayJson({ at, ...(isLater(at, due) && { due }), local: wallClockIn(zone, at) });
    for (const { changeAt, message } of warnings) io.sayJson({ changeAt, warning: message });
    return;
  }
  const anyLater = fires.some(({ at, due }) => isLater(at, due));
  const rows = fires.map(({ at, due }) => [
    wallClockIn(zone, at),
    at.toISOString(),
    ...(anyLater ? [due.toISOString()] : []),
  ]);
  io.say(table([zone, 'UTC', ...(anyLater ? ['DUE, WITH JITTER'] : [])], rows));
  if (fireTimes.length < count) io.note('there are no more fire times');
  if (warnings.length > 0) {
    io.say(`\nClock changes within a year:\n${warnings.map(({ message }) => `  ${message}\n`).join('')}`);
  }
}

function isLater(at: Date, due: Date): boolean {
  return due.getTime() > at.getTime();
}
