import { interval } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import type { JobDefinition } from '../../../../packages/core/src/job/definition.js';
import { decodeJob, decodeJobInSteps, encodeJob, isFault } from '../../../../packages/core/src/job/record.js';
import { fillBackoff } from '../../../../packages/core/src/job/retry.js';
import { finished } from '../../../../packages/core/src/trigger/steps.js';
import { definitionOf } from '../../../support/job-definition.js';

const usual = definitionOf(interval({ minutes: 1, startAt: new Date(0) }), 0);

function decoded(json: string) {
  const stored = { id: 'x', rev: 1, generation: 1, digest: '', json, pending: null, last: null };
  const read = decodeJob(stored);
  return isFault(read) ? read.why : read;
}

describe('the record of a job', () => {
  it('has no defaults', () => {
    expect(Object.keys(JSON.parse(encodeJob(usual)))).toEqual(['task', 'trigger']);
    const full = {
      ...usual,
      retry: { attempts: 2, backoff: fillBackoff() },
      history: { perJob: 100, ageMs: 604_800_000 },
    };
    expect(JSON.parse(encodeJob(full))).toMatchObject({ retry: { attempts: 2 }, history: {} });
  });

  it.each<[unknown, JobDefinition['since']]>([
    ...[null, 5, 'yesterday', [], {}, { at: '5' }, { at: 1.5 }, { first: 3 }].map((since): [unknown, undefined] => [
      since,
      undefined,
    ]),
    [{ at: 5, first: 'x', actor: 7, reason: [] }, { at: 5 }],
    [
      { at: 5, first: null, actor: 'ann', reason: null },
      { at: 5, first: null, actor: 'ann' },
    ],
  ])('is read where `since` is %j: what cannot be read of it is left out', (since, read) => {
    expect(decoded(JSON.stringify({ ...JSON.parse(encodeJob(usual)), since }))).toEqual({
      ...usual,
      ...(read && { since: read }),
    });
  });

  it.each<Partial<JobDefinition>>([
    {},
    { overlap: 'queue', priority: 2_097_152, timeoutMs: 1 },
    { overlap: 'replace', history: { perJob: 100, ageMs: 604_800_000 } },
    { history: { perJob: 1, ageMs: 5 } },
    { retry: { attempts: 5, backoff: fillBackoff({ type: 'fixed', delay: 7, jitter: 0.1 }) } },
    { retry: { attempts: 5, backoff: fillBackoff(), unless: ['TypeError'] } },
    { maxRuns: 5, lastFireTime: 300_000 },
    { maxRuns: 5, runsLeft: 0 },
    { metrics: true },
    { tags: ['a', 'b'], description: 'what it is for' },
    { tags: ['a'], metrics: true },
  ])('is read back as it was written: %j', (given) => {
    expect(decoded(encodeJob({ ...usual, ...given }))).toEqual({ ...usual, ...given });
  });

  it('ends the trigger with the last fire time', () => {
    const stored = { id: 'x', rev: 1, generation: 1, digest: '', pending: null, last: null };
    const json = encodeJob({ ...usual, maxRuns: 2, lastFireTime: 120_000 });
    const job = finished(decodeJobInSteps({ ...stored, json }));
    expect('compiled' in job && [job.compiled.nextMs(60_000), job.compiled.nextMs(120_000)]).toEqual([120_000, null]);
  });

  it.each([
    { overlap: 'skip' },
    { priority: -1 },
    { timeoutMs: 0 },
    { retry: {} },
    { history: { perJob: 0 } },
    { maxRuns: 0 },
    { metrics: false },
    { tags: [] },
    { tags: 'a' },
    { description: 1 },
    { lastFireTime: 'x' },
  ])('%j cannot be read, and it is said why', (more) => {
    const json = JSON.stringify({ ...JSON.parse(encodeJob(usual)), ...more });
    expect(decoded(json)).toMatch(/^its record cannot be read: /);
  });
});
