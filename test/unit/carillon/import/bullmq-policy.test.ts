import { expect, it } from 'vitest';
import { policyOf } from '../../../../packages/carillon/src/import/bullmq/policy.js';

const read = (options: Record<string, unknown>) => {
  const { policy, notes } = policyOf(options);
  return { ...policy, notes: notes.map(({ text }) => text) };
};
const ofQueue =
  'removeOnComplete and removeOnFail apply to the whole queue there; here, they are the history of this job';

it('reads attempts with a backoff, which may be a number, and has jitter', () => {
  expect(read({ attempts: 3, backoff: 500 })).toEqual({
    retry: { attempts: 3, backoff: { type: 'fixed', delay: 500 } },
    notes: [],
  });
  expect(read({ attempts: 3, backoff: { type: 'exponential', delay: 1000, jitter: 0.5 } })).toEqual({
    retry: { attempts: 3, backoff: { type: 'exponential', delay: 1000, jitter: 0.5 } },
    notes: [],
  });
  expect(read({ attempts: 1, backoff: 500 })).toEqual({ notes: [] });
});

it('says that a backoff of the application is lost', () => {
  expect(read({ attempts: 3, backoff: { type: 'ours' } })).toEqual({
    retry: { attempts: 3 },
    notes: [`backoff {"type":"ours"} is defined by the application: the default backoff is used`],
  });
});

it('caps attempts and priorities, and lets a delay be as long as it was', () => {
  expect(read({ attempts: 500 })).toMatchObject({
    retry: { attempts: 100 },
    notes: ['attempts 500: at most 100 here'],
  });
  expect(read({ attempts: 5, backoff: { type: 'exponential', delay: 3_600_000 } })).toMatchObject({
    retry: { backoff: { maxDelay: 8 * 3_600_000 } },
  });
  expect(read({ priority: 9_999_999 })).toMatchObject({ priority: 2_097_151 });
});

it('keeps a history where removeOnComplete or removeOnFail says a number or an age, in seconds', () => {
  expect(read({ removeOnComplete: 100 })).toEqual({ history: { perJob: 100 }, notes: [ofQueue] });
  expect(read({ removeOnFail: { age: 60, count: 50_000 } })).toEqual({
    history: { perJob: 10_000, age: 60_000 },
    notes: [ofQueue],
  });
  expect(read({ removeOnComplete: true, removeOnFail: false })).toEqual({ notes: [] });
});

it('names what has no equivalent here', () => {
  expect(read({ lifo: true, timestamp: 1 }).notes).toEqual(['lifo true has no equivalent here']);
});
