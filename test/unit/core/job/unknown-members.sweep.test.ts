import { interval } from '@carillon/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideAdding } from '../../../../packages/core/src/job/adding.js';
import { paused, resumed } from '../../../../packages/core/src/job/changes.js';
import { checkSpec } from '../../../../packages/core/src/job/checks.js';
import { digestOf } from '../../../../packages/core/src/job/definition.js';
import { fillChanges } from '../../../../packages/core/src/job/fill.js';
import { encodePayload, runPayloadSchema } from '../../../../packages/core/src/job/payload.js';
import { quarantinedOf } from '../../../../packages/core/src/job/quarantined.js';
import { type Before, beforeOf } from '../../../../packages/core/src/job/read.js';
import { encodeJob, isFault } from '../../../../packages/core/src/job/record.js';
import { definitionOf } from '../../../support/job-definition.js';
import { sweep } from '../../../support/sweep.js';

const START = Date.UTC(2026, 0, 1);
const usual = definitionOf(interval({ minutes: 1, startAt: new Date(0) }), 0);
const known = [...Object.keys(usual), 'runsLeft', 'kwargs', 'unknown'];
const read = { jobStore: 'default', now: START };

/** Members that a newer release may have added: any name that is not ours, any JSON. */
const unknown = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => ![...known, '__proto__'].includes(name)),
  fc.jsonValue({ maxDepth: 3 }),
  { minKeys: 1, maxKeys: 5, noNullPrototype: true },
);

function decoded(json: string): Before {
  const pending = { fireTime: START, dueAt: START };
  const stored = { id: 'x', rev: 1, generation: 1, digest: 'd', json, pending, last: null };
  const before = beforeOf(stored, read);
  if (isFault(before)) throw new Error(before.why);
  return before;
}

/** The record that stays if a producer of this release adds the job again with `replaceExisting`. */
function addedAgain({ stored, definition }: Before, more: object): string {
  const { task, trigger } = usual;
  const spec = checkSpec({
    id: 'x',
    task,
    trigger,
    maxRuns: definition.maxRuns ?? undefined,
    replaceExisting: true,
    ...more,
  });
  const found = { now: START, stored: { ...stored, digest: digestOf(usual) }, tombstone: null };
  return (
    decideAdding({ id: 'x', spec }, 'default', found, { policy: {}, timezone: undefined }).change?.record?.json ??
    stored.json
  );
}

/** The record after each way in which this release writes it again. */
const ways: { readonly [way: string]: (before: Before) => string | undefined } = {
  'read and written': ({ definition }) => encodeJob(definition),
  modified: ({ definition }) => encodeJob(fillChanges(definition, { maxInstances: 7 }, undefined, START)),
  rescheduled: ({ definition }) =>
    encodeJob(fillChanges(definition, { trigger: interval({ hours: 2 }) }, undefined, START)),
  paused: (before) => paused(before)?.change.record?.json,
  'paused and resumed': (before) => {
    const json = paused(before)?.change.record?.json ?? '';
    const after = decoded(json);
    return resumed({ ...after, stored: { ...after.stored, pending: null } })?.change.record?.json;
  },
  'added again, as it was': (before) => addedAgain(before, {}),
  'added again with other arguments': (before) => addedAgain(before, { args: ['v2'] }),
  'added again with another trigger': (before) => addedAgain(before, { trigger: interval({ hours: 2 }) }),
  'set aside and restored': ({ stored: { json } }) => {
    const { job } = quarantinedOf('x', JSON.stringify({ why: 'w', at: 1, raw: `1 1 d ${json}`, dueAt: String(START) }));
    return job && 'json' in job ? job.json : undefined;
  },
};

it.each(Object.entries(ways))('what a newer release added to a job is there unchanged once it was %s', (_, way) => {
  const limits = [{}, { maxRuns: 5, lastFireTime: START + 300_000 }];
  fc.assert(
    fc.property(unknown, fc.constantFrom(...limits), (more, limit) => {
      const written = JSON.stringify({ ...JSON.parse(encodeJob({ ...usual, ...limit })), ...more });
      const again = way(decoded(written));
      expect(JSON.parse(again ?? 'null')).toMatchObject(JSON.parse(JSON.stringify(more)));
    }),
    { numRuns: sweep(15, 200) },
  );
});

it('and in the bodies of its runs, which this release reads anyway', () => {
  fc.assert(
    fc.property(unknown, (more) => {
      const { definition } = decoded(JSON.stringify({ ...JSON.parse(encodeJob(usual)), ...more }));
      const body = encodePayload(definition);
      expect(JSON.parse(body)).toMatchObject(JSON.parse(JSON.stringify(more)));
      expect(runPayloadSchema.parse(JSON.parse(body))).toMatchObject({ task: usual.task });
    }),
    { numRuns: sweep(15, 200) },
  );
});
