import { inspect } from 'node:util';
import { jsonFault } from './json.js';

/** A value of any kind as a message shows it: in one line, not longer than that; as JSON where it is. Never throws. */
export function shown(value: unknown, mostLetters = 60): string {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, mostLetters)) : written(value, mostLetters);
  const isCut = text.length > mostLetters || (typeof value === 'string' && value.length > mostLetters);
  return isCut ? `${text.slice(0, mostLetters)}…` : text;
}

function written(value: unknown, mostLetters: number): string {
  try {
    if (typeof value === 'object' && jsonFault(value, '') === undefined) return JSON.stringify(value);
  } catch {
    // Its own code threw.
  }
  const options = { breakLength: Number.POSITIVE_INFINITY, compact: true, customInspect: false, depth: 3 };
  const limits = { maxArrayLength: 10, maxStringLength: mostLetters };
  return inspect(value, { ...options, ...limits }).replace(/\s*\n\s*/g, ' ');
}
