import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseEvent } from '../../../packages/core/src/event/schema.js';
import { encodePayload, runPayloadSchema } from '../../../packages/core/src/job/payload.js';
import { decodeJob, encodeJob, isFault } from '../../../packages/core/src/job/record.js';
import { type JsonObject, type JsonValue, jsonFault } from '../../../packages/core/src/json.js';
import { runOf } from '../../../packages/core/src/run/reading.js';
import { resultOf } from '../../../packages/core/src/run/result.js';
import { date } from '../../../packages/core/src/trigger/index.js';
import { definitionOf } from '../../support/job-definition.js';

/** Keys that have a meaning in JavaScript, and some others. */
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'then',
  '',
  'a',
  '0',
];

/** JSON text of any value. Its keys are own keys of the parsed value. */
const { text } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(value)),
    fc.array(tie('text'), { maxLength: 3 }).map((parts) => `[${parts.join()}]`),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('text')), { maxLength: 4, selector: ([key]) => key })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`),
  ),
}));

const written = (value: unknown) => JSON.stringify(value);

it('arguments are kept whole, whatever their keys are, or refused with the path', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), text, (list, last) => {
      const args: JsonValue[] = list.map((one) => JSON.parse(one));
      const kwargs: JsonObject = JSON.parse(`{"__proto__":${last}}`);
      const fault = jsonFault(args, 'args') ?? jsonFault(kwargs, 'kwargs');
      // JSON would call this member if it were a function.
      if (fault) expect(fault).toMatch(/^(args\[\d\]|kwargs\.__proto__).* has a toJSON method$/);
      if (fault) return;
      const call = { task: 't', args, kwargs };
      const payload = runPayloadSchema.parse(JSON.parse(encodePayload({ ...call, timeoutMs: null, retry: null })));
      expect(written([payload.args, payload.kwargs])).toBe(written([args, kwargs]));
      const job = definitionOf(date(new Date(0)), 0, call);
      const stored = { id: 'x', rev: 1, generation: 1, digest: '', pending: null, last: null, json: encodeJob(job) };
      const read = decodeJob(stored);
      if (isFault(read)) throw new Error(read.why);
      expect(written([read.args, read.kwargs])).toBe(written([args, kwargs]));
    }),
  );
});

it('results and progress are kept whole, whatever their keys are', () => {
  fc.assert(
    fc.property(text, (value) => {
      const of = '"jobStore":"d","jobId":null,"runId":"r","task":"t"';
      const reported = `"executionId":"r.0","scheduledRunTime":1,"value":${value}`;
      const message = `{"v":1,"seq":1,"type":"job_executed","at":1,${of},${reported}}`;
      const event = parseEvent(message);
      expect(event?.type === 'job_executed' && written(event.value)).toBe(written(JSON.parse(value)));
      const run = runOf('d', 'r', { live: null, outcomes: [message] });
      if (!run || !('settledAt' in run)) throw new Error('it has ended');
      expect(written(resultOf(run))).toBe(written(JSON.parse(value)));
    }),
  );
});
