import type { Fenced } from '@carillon/core/internal';
import { TermOver } from './term.js';

/** What a fenced call answered. @throws TermOver if the term has ended. */
export function unfenced<T>(answer: Fenced<T>): T {
  if (answer.status === 'over') throw new TermOver();
  return answer.value;
}
