import { type Duration, InvalidOptionsError, type JsonObject, type JsonValue } from '@carillon/core';
import { dayOf, durationMs } from '@carillon/core/internal';
import { InvalidArgumentError } from 'commander';

export { durationInUnit as durationText } from '@carillon/core/internal';

/** Several values of one option: given again, or with commas between. */
export function list(text: string, before: unknown): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes('')) throw new InvalidArgumentError('There is an empty name in it.');
  return [...(Array.isArray(before) ? (before as string[]) : []), ...values];
}

export function aliases(text: string, before: unknown): string[] {
  const wrong = list(text, undefined).find((alias) => !/^[A-Za-z0-9._-]{1,64}$/.test(alias));
  if (wrong === undefined) return list(text, before);
  throw new InvalidArgumentError(`${JSON.stringify(wrong)} is not 1 to 64 letters, digits, ".", "_" or "-".`);
}

export function count(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It is not a whole number of at least 1.');
}

/** As many as one call takes. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    if (count(text) <= most) return count(text);
    throw new InvalidArgumentError(`It is more than ${most}.`);
  };
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('It is not a whole number of at least 0.');
}

export function share(text: string): number {
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number <= 1) return number;
  throw new InvalidArgumentError('It is not a number from 0 to 1.');
}

export function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('It is not a port from 1 to 65535.');
}

/** The same, or 0 for a free one. */
export function portOrFree(text: string): number {
  return text === '0' ? 0 : port(text);
}

const DURATION = /^\d+(\.\d+)?(ms|s|m|h|d|w)$/;

/** A number and its unit. The API takes a plain number for milliseconds; a person who types `30` means seconds or minutes. */
export function duration(text: string): Duration {
  if (DURATION.test(text)) return text as Duration;
  if (/^\d+(\.\d+)?$/.test(text)) {
    throw new InvalidArgumentError(
      `It is not a duration, as its unit is missing: ${text}ms, ${text}s, ${text}m, ${text}h, ${text}d or ${text}w.`,
    );
  }
  throw new InvalidArgumentError('It is not a duration such as 500ms, 40s, 5m, 2h, 1d or 1w.');
}

const INSTANT = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d))$/;

/** An instant says its offset: no machine's own zone plays a part. */
export function instant(text: string): Date {
  const date = new Date(text.replace(' ', 'T'));
  if (INSTANT.test(text) && !Number.isNaN(date.getTime()) && !Number.isNaN(dayOf(text.slice(0, 10)))) return date;
  throw new InvalidArgumentError('It is not an instant such as 2026-03-29T09:00:00Z or 2026-03-29T09:00:00+02:00.');
}

/** Where a log is read from: an instant, a duration back by this machine's clock, or after the event of an id. */
export function since(text: string): Date | string {
  if (/^\d+-\d+(\.\d+)?$/.test(text)) return text;
  if (/^\d+(\.\d+)?(ms|s|m|h|d|w)?$/.test(text)) return ago(text);
  try {
    return instant(text);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message} Nor is it a duration such as 10m, or an eventId.`);
  }
}

/** A duration back by this machine's clock. */
export function ago(text: string): Date {
  try {
    return new Date(Date.now() - durationMs(duration(text), 'it'));
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    throw new InvalidArgumentError('It is longer ago than 36500d.');
  }
}

/** An instant, or a duration from now on by this machine's clock. */
export function until(text: string): Date {
  if (!/^\d+(\.\d+)?(ms|s|m|h|d|w)?$/.test(text)) return instant(text);
  try {
    return new Date(Date.now() + durationMs(duration(text), 'it'));
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    throw new InvalidArgumentError('It is longer than 36500d.');
  }
}

/** The same of what has no ids. */
export function sinceInstant(text: string): Date {
  const when = since(text);
  if (when instanceof Date) return when;
  throw new InvalidArgumentError('It is neither an instant such as 2026-03-29T09:00:00Z, nor a duration such as 24h.');
}

export function names(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

export function jsonArray(text: string): JsonValue[] {
  const value = json(text);
  if (Array.isArray(value)) return value as JsonValue[];
  throw new InvalidArgumentError(`It is not a JSON array such as '["eu", 3]'.`);
}

export function jsonObject(text: string): JsonObject {
  const value = json(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new InvalidArgumentError(`It is not a JSON object such as '{"format": "pdf"}'.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not JSON: ${(error as Error).message.replaceAll('\n', ' ')}.`);
  }
}
