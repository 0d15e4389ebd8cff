import { decodeRun, type RunReading } from '@carillon/core/internal';
import type { Reply } from './scripts.js';

/** Reads what the script `runs` returns for one run. */
export function readRun(runId: string, reply: Reply): RunReading {
  const [record, body] = [reply.textOrNull(), reply.textOrNull()];
  const state = reply.oneOf('waiting', 'scheduled', 'queued', 'running', 'retrying');
  const notBefore = reply.numberOrNull();
  const progress = reply.textOrNull();
  const outcomes = reply.text().split('\n').slice(0, -1);
  const retriedAs = reply.textOrNull();
  const run = record === null ? null : decodeRun(runId, record, body ?? '');
  return { live: run && { run, state, notBefore, progress }, outcomes, retriedAs };
}
