import { types } from 'node:util';
import { InvalidOptionsError } from '../errors.js';
import { shown } from '../shown.js';

/** Milliseconds of a Date, which may come from another realm. @throws InvalidOptionsError that names the parameter. */
export function instantGiven(date: unknown, what: string): number {
  const instant = types.isDate(date) ? date.getTime() : Number.NaN;
  if (Number.isNaN(instant)) throw new InvalidOptionsError(`${what} ${shown(date)} is not a valid Date`);
  return instant;
}

/** @throws InvalidOptionsError that names the parameter. */
export function numberGiven(value: unknown, what: string): number {
  if (typeof value === 'number') return value;
  throw new InvalidOptionsError(`${what} ${shown(value)} is not a number: give milliseconds since 1970`);
}

/** Checks the options that are given with a trigger. @throws InvalidOptionsError that names the option. */
export function checkTriggerOptions(options: unknown, what: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || types.isDate(options)) {
    throw new InvalidOptionsError(`${what}: options ${shown(options)} is not an object`);
  }
  const { jobId, now } = options as { readonly jobId?: unknown; readonly now?: unknown };
  if (jobId !== undefined && typeof jobId !== 'string') {
    throw new InvalidOptionsError(`${what}: jobId ${shown(jobId)} is not a string`);
  }
  if (now !== undefined) instantGiven(now, `${what}: now`);
}
