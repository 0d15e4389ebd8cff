import { durationInUnit } from '../duration-text.js';

/** A trigger's text in a line: `interval[5m, jitter 2s]`. */
export function inOneLine(type: string, parts: readonly (string | undefined)[]): string {
  return `${type}[${parts.filter(Boolean).join(', ')}]`;
}

/** The parts of such a line that say when a trigger begins and ends. */
export function windowParts({ startAt, endAt }: { readonly startAt?: string; readonly endAt?: string }) {
  return [startAt && `from ${startAt}`, endAt && `until ${endAt}`];
}

export function jitterPart({ jitter }: { readonly jitter?: number | string }): string | undefined {
  return jitter === undefined ? undefined : `jitter ${durationText(jitter)}`;
}

/** Joins the parts of a sentence that are defined. */
export function sentence(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ');
}

export function from(start: string | undefined): string | undefined {
  return start && `from ${start}`;
}

export function until(end: string | undefined): string | undefined {
  return end && `until ${end}`;
}

export function delayed(jitter: number | string | undefined): string | undefined {
  return jitter === undefined ? undefined : `delayed by less than ${durationText(jitter)}`;
}

/** Returns amounts in words: `1 month and 2 days`. */
export function amounts(units: Readonly<Record<string, number | undefined>>): string {
  const given = Object.entries(units).filter(([, amount]) => amount);
  return given.map(([unit, amount]) => `${amount} ${unit}${amount === 1 ? '' : 's'}`).join(' and ');
}

/** Returns a time of day: `09:30`, with seconds where they are not 0. */
export function timeText({ hour = 0, minute = 0, second = 0 }: Partial<Record<'hour' | 'minute' | 'second', number>>) {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** Returns a duration in words. A number means milliseconds. */
function durationText(duration: number | string): string {
  return typeof duration === 'number' ? durationInUnit(duration) : duration;
}
