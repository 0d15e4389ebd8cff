import type { Fenced } from '@carillon/core/internal';
import { TermOver } from './term.js';

/** The value that a fenced call returned. @throws TermOver if the term has ended. */
export function valueOrTermOver<T>(answer: Fenced<T>): T {
  if (answer.status === 'over') throw new TermOver();
  return answer.value;
}
