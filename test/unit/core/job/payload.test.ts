import { describe, expect, it } from 'vitest';
import { type Executable, payloadOf, runPayloadSchema } from '../../../../packages/core/src/job/payload.js';
import { fillBackoff } from '../../../../packages/core/src/job/retry.js';

const call = { task: 'a', args: [1, 'x'], kwargs: undefined, timeoutMs: null, retry: null } satisfies Executable;
const read = (given: Executable) => runPayloadSchema.parse(JSON.parse(payloadOf(given)));

describe('what a worker reads of a run', () => {
  it('is no more than it needs', () => {
    expect(payloadOf(call)).toBe('{"task":"a","args":[1,"x"]}');
    expect(payloadOf({ ...call, retry: { attempts: 3, backoff: fillBackoff() } })).toBe(
      '{"task":"a","args":[1,"x"],"retry":{"attempts":3}}',
    );
  });

  it.each<Partial<Executable>>([
    {},
    { kwargs: { b: [null] } },
    { timeoutMs: 1 },
    { retry: { attempts: 1, backoff: fillBackoff() } },
    { retry: { attempts: 9, backoff: fillBackoff({ type: 'fixed', delay: 0, jitter: 1 }) } },
    { retry: { attempts: 9, backoff: fillBackoff({ delay: 7_200_000 }) } },
    { retry: { attempts: 9, backoff: fillBackoff({ delay: 5, maxDelay: 5, jitter: 0.25 }) } },
  ])('is read back whole: %j', (given) => {
    const { timeoutMs, retry, kwargs } = { ...call, ...given };
    const expected = {
      task: 'a',
      args: [1, 'x'],
      kwargs,
      timeoutMs: timeoutMs ?? undefined,
      retry: retry ?? undefined,
    };
    expect(read({ ...call, ...given })).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it.each([
    { timeoutMs: 0 },
    { timeoutMs: '5' },
    { retry: { attempts: 0 } },
    { retry: { attempts: 2, delay: -1 } },
    { retry: { attempts: 2, more: 1 } },
  ])('is refused where it is damaged: %j', (given) => {
    expect(runPayloadSchema.safeParse({ task: 'a', args: [], ...given }).success).toBe(false);
  });
});
