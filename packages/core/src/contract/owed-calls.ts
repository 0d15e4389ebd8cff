import { runPayloadSchema } from '../job/payload.js';
import type { JobRecords } from '../ports/job-records.js';
import type { CheckedCall } from './known-contracts.js';

/** Arguments may be long. */
const AT_ONCE = 50;

/** What a run that is owed calls. */
export interface OwedCall {
  readonly runId: string;
  readonly jobId: string | null;
  readonly call: CheckedCall;
}

/** Reads what runs call, some at a time. A run that is owed no more, or that cannot be read, is left out. */
export async function* callsOf(records: Pick<JobRecords, 'runs'>, runIds: readonly string[]): AsyncGenerator<OwedCall> {
  for (let from = 0; from < runIds.length; from += AT_ONCE) {
    for (const { live } of await records.runs(runIds.slice(from, from + AT_ONCE))) {
      const payload = live && payloadIn(live.run.payload);
      if (payload)
        yield { runId: live.run.runId, jobId: live.run.jobId, call: { ...payload, executor: live.run.executor } };
    }
  }
}

function payloadIn(json: string) {
  try {
    return runPayloadSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
