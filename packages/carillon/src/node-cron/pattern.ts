import { InvalidTriggerError } from '@carillon/core';
import { counted, shown } from '@carillon/core/internal';
import { FIELDS, type FieldName, type ParsedFields, valuesOf } from './fields.js';

/** A fault of a pattern, or of one of its fields. */
export interface CronFieldError {
  /** The field; `'expression'` is the pattern as a whole. */
  readonly field: FieldName | 'expression';
  readonly value?: string;
  readonly message: string;
}

export interface DetailedValidation {
  readonly valid: boolean;
  /** Left out if the pattern is not valid. */
  readonly fields?: ParsedFields;
  readonly errors: CronFieldError[];
}

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
/** Days of each month, 29 in February. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns the texts of the fields, seconds first; if they are not six, the pattern is wrong. */
export function textsOf(pattern: string): readonly string[] {
  const texts = (NICKNAMES[pattern.trim().toLowerCase()] ?? pattern).trim().split(/ +/);
  return texts.length === 5 ? ['0', ...texts] : texts;
}

/** Returns whether a pattern is valid, the values of its fields, and its faults. */
export function validateDetailed(pattern: string): DetailedValidation {
  if (typeof pattern !== 'string') return refused({ field: 'expression', message: `${shown(pattern)} is not a text` });
  const texts = textsOf(pattern);
  if (texts.length !== FIELDS.length) {
    const message = `${shown(pattern)} has ${counted(pattern.trim().split(/ +/).length, 'field')}: give 5, or 6 with seconds first`;
    return refused({ field: 'expression', value: pattern, message });
  }
  const found = FIELDS.map((field, index) => valuesOf(field, texts[index] ?? ''));
  const errors = FIELDS.flatMap(({ name, min, max }, index) => {
    const value = texts[index] ?? '';
    const message = `${name} ${shown(value)} is wrong: give numbers from ${min} to ${max}, ranges, steps or lists of them`;
    return found[index] ? [] : [{ field: name, value, message }];
  });
  if (errors.length > 0) return refused(...errors);
  const fields = Object.fromEntries(FIELDS.map(({ name }, index) => [name, found[index]])) as unknown as ParsedFields;
  if (!isPossible(fields)) {
    const [, , , day = '', month = ''] = texts;
    return refused({ field: 'dayOfMonth', value: day, message: `no month of ${shown(month)} has a day ${shown(day)}` });
  }
  return { valid: true, errors: [], fields };
}

/** Returns whether a pattern is valid. */
export function validate(pattern: string): boolean {
  return validateDetailed(pattern).valid;
}

/** Returns the values that each field of a pattern names. @throws InvalidTriggerError */
export function parse(pattern: string): ParsedFields {
  const { fields, errors } = validateDetailed(pattern);
  if (fields) return fields;
  throw new InvalidTriggerError(`node-cron: ${errors.map(({ message }) => message).join('; ')}`);
}

function refused(...errors: CronFieldError[]): DetailedValidation {
  return { valid: false, errors };
}

function isPossible({ dayOfMonth, month }: ParsedFields): boolean {
  return dayOfMonth.some((day) => typeof day === 'string' || month.some((one) => day <= (DAYS[one - 1] ?? 0)));
}
