import { types } from 'node:util';
import { z } from 'zod';
import { InvalidTriggerError } from '../errors.js';
import { meantNames } from '../near-name.js';
import { shown } from '../shown.js';

/** How many letters of a value messages show: the usual length of a crontab line. */
const LETTERS = 80;

/** A schema for plain data that has these fields and no others. */
export function strictForm<T extends z.core.$ZodLooseShape>(
  shape: T,
  hintOn: (unknown: readonly string[]) => string = () => '',
) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'is not an object';
      const keys = issue.keys as string[];
      return `unknown field ${keys.map((key) => shown(key)).join(', ')}; allowed are ${allowed.join(', ')}${hintOn(keys)}${meantNames(keys, allowed)}`;
    },
  });
}

/** Data that was checked and cannot have changed since, as it is frozen deeply. */
const checkedForms = new WeakSet<object>();

/**
 * Returns a frozen copy of data in the form that a schema describes.
 * @throws InvalidTriggerError that names each wrong field, its value and what is allowed.
 */
export function checkForm<T extends object>(schema: z.ZodType<T>, data: unknown): T {
  if (typeof data === 'object' && data !== null && checkedForms.has(data)) return data as T;
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success) return checkedForm(result.data);
  const { issues } = result.error;
  const known =
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    !issues.some((issue) => isAboutType(issue) && issue.path.length === 1);
  throw new InvalidTriggerError(`${known ? data.type : 'trigger'}: ${[...new Set(issues.map(describe))].join('; ')}`);
}

/** Whether `checkForm` has checked the data, so that they never change. */
export function isChecked(data: object): boolean {
  return checkedForms.has(data);
}

/** Freezes data that a schema has just returned and that is not shared yet. It is not checked again later. */
export function checkedForm<T extends object>(data: T): T {
  const checked = deepFreeze(data);
  checkedForms.add(checked);
  return checked;
}

/** Returns the fields that were given. A field that is undefined counts as left out. @throws InvalidTriggerError if this is not an object. */
export function givenFields(fields: unknown, what: string): Record<string, unknown> {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields) || types.isDate(fields)) {
    throw new InvalidTriggerError(`${what} ${shown(fields, LETTERS)} is not an object`);
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return path ? `${path}: ${issue.message}` : issue.message;
  if (path) return `${path} ${shown(isAboutType(issue) ? typeOf(issue.input) : issue.input, LETTERS)} ${issue.message}`;
  return issue.code === 'invalid_type' ? `${shown(issue.input, LETTERS)} ${issue.message}` : issue.message;
}

function isAboutType(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_union' && issue.path.at(-1) === 'type';
}

function typeOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const field of Object.values(value)) {
    if (typeof field === 'object' && field !== null) deepFreeze(field);
  }
  return Object.freeze(value);
}
