import { InvalidJobError } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import {
  checkChanges,
  checkEnqueueOptions,
  checkPolicy,
  checkRunId,
  checkSpec,
} from '../../../../packages/core/src/job/checks.js';

const HOUR = 3_600_000;
const backoff = (given: object = {}) => ({ type: 'exponential', delay: 1_000, maxDelay: HOUR, jitter: 0, ...given });
const refusal = (check: () => unknown) => {
  try {
    check();
  } catch (error) {
    if (error instanceof InvalidJobError) return error.message;
    throw error;
  }
  return 'it is accepted';
};

describe('a policy', () => {
  it.each<[object, object]>([
    [{ retry: { attempts: 1 } }, { retry: { attempts: 1, backoff: backoff() } }],
    [
      { retry: { attempts: 100, backoff: { delay: '5s' } } },
      { retry: { attempts: 100, backoff: backoff({ delay: 5_000 }) } },
    ],
    [
      { retry: { attempts: 3, backoff: { type: 'fixed', delay: '2h', jitter: 0.5 } } },
      { retry: { attempts: 3, backoff: backoff({ type: 'fixed', delay: 2 * HOUR, maxDelay: 2 * HOUR, jitter: 0.5 }) } },
    ],
    [
      { retry: { attempts: 3, backoff: { delay: 0, maxDelay: '1m', jitter: 1 } } },
      { retry: { attempts: 3, backoff: backoff({ delay: 0, maxDelay: 60_000, jitter: 1 }) } },
    ],
    [
      { retry: null, timeout: null, history: null },
      { retry: null, timeout: null, history: null },
    ],
    [
      { timeout: '1.5s', priority: 2_097_151, overlap: 'replace' },
      { timeout: 1_500, priority: 2_097_151, overlap: 'replace' },
    ],
    [{ history: {} }, { history: { perJob: 100, ageMs: 7 * 24 * HOUR } }],
    [{ history: { perJob: 10_000, age: '365d' } }, { history: { perJob: 10_000, ageMs: 365 * 24 * HOUR } }],
  ])('%j', (given, checked) => {
    expect(checkPolicy(given, 'policy')).toEqual(checked);
    expect(checkSpec({ task: 'a', ...given })).toEqual({ task: 'a', ...checked });
  });

  it('that was read back is given again', () => {
    const retry = { attempts: 3, backoff: backoff({ delay: 2 * HOUR, maxDelay: 2 * HOUR }) };
    expect(checkPolicy({ retry, timeout: 5 }, 'policy')).toEqual({ retry, timeout: 5 });
  });

  it.each<[object, string]>([
    [{ retry: 3 }, 'policy: retry 3 must be an object such as { attempts: 3 }'],
    [{ retry: {} }, 'policy: retry.attempts undefined must be a whole number from 1 to 100'],
    [{ retry: { attempts: 0 } }, 'policy: retry.attempts 0 must be a whole number from 1 to 100'],
    [{ retry: { attempts: 101 } }, 'policy: retry.attempts 101 must be a whole number from 1 to 100'],
    [{ retry: { attempts: 2.5 } }, 'policy: retry.attempts 2.5 must be a whole number from 1 to 100'],
    [{ retry: { attempts: 2, delay: 5 } }, 'policy: retry delay is an unknown member; allowed are attempts, backoff'],
    [{ retry: { attempts: 2, backoff: {} } }, 'policy: retry.backoff.delay undefined is not a duration: give'],
    [{ retry: { attempts: 2, backoff: '1s' } }, 'policy: retry.backoff "1s" must be an object such as { type: "exp'],
    [{ retry: { attempts: 2, backoff: { delay: '1 s' } } }, 'policy: retry.backoff.delay "1 s" is not a duration'],
    [{ retry: { attempts: 2, backoff: { delay: '366d' } } }, 'policy: retry.backoff.delay "366d" must be at most 365d'],
    [
      { retry: { attempts: 2, backoff: { type: 'linear', delay: 1 } } },
      'policy: retry.backoff.type "linear" must be "fixed" or',
    ],
    [
      { retry: { attempts: 2, backoff: { delay: '1m', maxDelay: '1s' } } },
      'policy: retry.backoff.maxDelay "1s" is shorter than delay 1m',
    ],
    [
      { retry: { attempts: 2, backoff: { delay: 1, jitter: 1.5 } } },
      'policy: retry.backoff.jitter 1.5 must be at most 1',
    ],
    [
      { retry: { attempts: 2, backoff: { delay: 1, jitter: -1 } } },
      'policy: retry.backoff.jitter -1 must be at least 0',
    ],
    [{ timeout: 0 }, 'policy: timeout 0 must be at least 1 ms, at most 24d'],
    [{ timeout: '25d' }, 'policy: timeout "25d" must be at least 1 ms, at most 24d'],
    [{ timeout: 'soon' }, 'policy: timeout "soon" is not a duration'],
    [{ priority: -1 }, 'policy: priority -1 must be a whole number from 0 to 2097151'],
    [{ priority: 2_097_152 }, 'policy: priority 2097152 must be a whole number from 0 to 2097151'],
    [{ priority: null }, 'policy: priority null must be a whole number'],
    [{ overlap: 'wait' }, 'policy: overlap "wait" must be "skip", "queue" or "replace"'],
    [{ history: { perJob: 0 } }, 'policy: history.perJob 0 must be a whole number from 1 to 10000'],
    [{ history: { age: 0 } }, 'policy: history.age 0 must be at least 1 ms, at most 365d'],
    [{ history: 5 }, 'policy: history 5 must be an object such as { perJob: 100, age: "7d" }'],
    [{ history: { keep: 5 } }, 'policy: history keep is an unknown member; allowed are perJob, age'],
    [{ retries: 3 }, 'policy: unknown field "retries"; allowed are executor,'],
    [{ maxRuns: 3 }, 'policy: unknown field "maxRuns"'],
  ])('%j is refused', (given, says) => {
    expect(refusal(() => checkPolicy(given, 'policy'))).toContain(says);
  });
});

describe('maxRuns', () => {
  it('is of a job', () => {
    expect(checkSpec({ task: 'a', maxRuns: 1 })).toMatchObject({ maxRuns: 1 });
    expect(checkSpec({ task: 'a', maxRuns: null })).toMatchObject({ maxRuns: null });
    expect(checkChanges('x', { maxRuns: 100_000 })).toEqual({ maxRuns: 100_000 });
  });

  it.each([0, -1, 1.5, 100_001, '5'])('%j is refused', (maxRuns) => {
    expect(refusal(() => checkSpec({ task: 'a', maxRuns }))).toMatch(
      /maxRuns .* must be a whole number from 1 to 100000$/,
    );
  });
});

describe('retry.unless', () => {
  const unlessOf = (unless: unknown) => checkPolicy({ retry: { attempts: 2, unless } }, 'p').retry?.unless;
  it('is a list of names, each once; an empty one has no effect', () => {
    expect(unlessOf(['TypeError', 'A B', 'TypeError'])).toEqual(['TypeError', 'A B']);
    expect(checkPolicy({ retry: { attempts: 2, unless: [] } }, 'p')).toEqual(
      checkPolicy({ retry: { attempts: 2 } }, 'p'),
    );
    for (const wrong of [
      'TypeError',
      [''],
      [5],
      [null],
      ['a\nb'],
      ['x'.repeat(256)],
      Array.from({ length: 101 }, String),
    ])
      expect(() => unlessOf(wrong)).toThrow(/retry\.unless/);
  });
});

describe('options of enqueue', () => {
  it('are how it is executed', () => {
    const given = { retry: { attempts: 2 }, timeout: '5s', priority: 1, history: { age: '2h' }, executor: 'mail' };
    expect(checkEnqueueOptions(given)).toEqual({
      retry: { attempts: 2, backoff: backoff() },
      timeout: 5_000,
      priority: 1,
      history: { ageMs: 2 * HOUR },
      executor: 'mail',
    });
  });

  it('have nothing of a job', () => {
    expect(refusal(() => checkEnqueueOptions({ overlap: 'queue' }))).toContain('enqueue: unknown field "overlap"');
    expect(refusal(() => checkEnqueueOptions({ history: { perJob: 5 } }))).toContain(
      'history perJob is an unknown member',
    );
  });
});

describe('the id of a run', () => {
  it('is as it was given', () => {
    expect(checkRunId('aB_-9')).toBe('aB_-9');
    for (const id of ['', 'a b', 'a'.repeat(65), 'é', 5, null, undefined, 'a.0']) {
      expect(refusal(() => checkRunId(id))).toMatch(/^run id: (is not the id of a run|must be a string)/);
    }
  });
});
