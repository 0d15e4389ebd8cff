import { errorInfo } from '@carillon/core/internal';
import type { RunCalls } from '../run-calls.js';
import type { OutwardMessage, StoreAnswer } from './messages.js';

/** Asks the job store what a thread or child process asks. Never rejects. */
export async function answerOf(
  calls: RunCalls,
  { id, method, json }: OutwardMessage & { kind: 'store' },
): Promise<StoreAnswer> {
  try {
    return { id, json: JSON.stringify(await calls.call(method, JSON.parse(json))) ?? 'null' };
  } catch (error) {
    return { id, error: errorInfo(error) };
  }
}
