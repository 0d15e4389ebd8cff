import { types } from 'node:util';
import { instantOf, type Steering } from '@carillon/core/internal';

/** An error that says nothing about retrying. */
export const unsteered = (name: string): Steering => ({ names: [name], unrecoverable: false, retryAt: null });

/** A class names few above it; no error has longer names. */
const MAX_NAMES = 20;
const MAX_NAME_LENGTH = 255;

/** Reads what a thrown value says about retrying, also if its members throw when they are read. */
export function steeringOf(thrown: unknown): Steering {
  try {
    return said(thrown);
  } catch {
    return unsteered('Error');
  }
}

function said(thrown: unknown): Steering {
  if (typeof thrown !== 'object' || thrown === null) return unsteered('Error');
  const { name, unrecoverable, retryAt } = thrown as { readonly [member: string]: unknown };
  const names = [...new Set([...(typeof name === 'string' ? [name] : []), ...classesOf(thrown)])]
    .filter(({ length }) => length <= MAX_NAME_LENGTH)
    .slice(0, MAX_NAMES);
  const isUnrecoverable = unrecoverable === true || names.includes('UnrecoverableError');
  return { names, unrecoverable: isUnrecoverable, retryAt: instant(retryAt) };
}

/** Classes that set no `name` are identified by their class name. `Error` itself is left out, as all errors have it. */
function classesOf(thrown: object): string[] {
  const names: string[] = [];
  for (
    let proto = Object.getPrototypeOf(thrown);
    proto && names.length < MAX_NAMES;
    proto = Object.getPrototypeOf(proto)
  ) {
    const made: unknown = proto.constructor;
    if (typeof made === 'function' && typeof made.name === 'string') names.push(made.name);
  }
  return names.filter((name) => name !== '' && name !== 'Error' && name !== 'Object');
}

/** ms of a Date, of ms, or of an ISO string with its offset; null if it is not an instant. */
function instant(retryAt: unknown): number | null {
  const ms = types.isDate(retryAt) ? retryAt.getTime() : typeof retryAt === 'string' ? instantOf(retryAt) : retryAt;
  return typeof ms === 'number' && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? Math.round(ms) : null;
}
