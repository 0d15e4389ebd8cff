import { cron, InvalidTriggerError, interval } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import {
  type Executable,
  encodePayload,
  payloadFrom,
  runPayloadSchema,
} from '../../../../packages/core/src/job/payload.js';
import { fillBackoff } from '../../../../packages/core/src/job/retry.js';
import { previousOf, timingOf } from '../../../../packages/core/src/job/timing.js';

const call = { task: 'a', args: [1, 'x'], kwargs: undefined, timeoutMs: null, retry: null } satisfies Executable;
const read = (given: Executable) => runPayloadSchema.parse(JSON.parse(encodePayload(given)));

describe('what a worker reads of a run', () => {
  it('is no more than it needs', () => {
    expect(encodePayload(call)).toBe('{"task":"a","args":[1,"x"]}');
    expect(encodePayload({ ...call, retry: { attempts: 3, backoff: fillBackoff() } })).toBe(
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

  it('keeps what named its fire times, and is read without where that is damaged', () => {
    const trigger = interval('1h');
    const timing = timingOf({ trigger, timezone: undefined, anchor: 5 }, 7);
    expect(encodePayload(call, timing)).toBe(
      `{"task":"a","args":[1,"x"],"timing":{"trigger":${JSON.stringify(trigger)},"anchor":5,"from":7}}`,
    );
    expect(runPayloadSchema.parse(JSON.parse(encodePayload(call, timing))).timing).toEqual(timing);
    const cronTiming = timingOf({ trigger: cron('0 9 * * *'), timezone: 'Asia/Tokyo', anchor: 5 });
    expect(cronTiming).not.toHaveProperty('anchor', 5);
    for (const damaged of [5, {}, { trigger: 5 }, { trigger, anchor: 'x' }]) {
      expect(runPayloadSchema.parse({ task: 'a', args: [], timing: damaged }).timing).toBeUndefined();
    }
    // A trigger that only a newer release can read does not stop the run. It is refused when a task asks for it.
    const newer = runPayloadSchema.parse({ task: 'a', args: [], timing: { trigger: { type: 'moon' } } });
    expect(() => previousOf(newer.timing, 'j', new Date(0))).toThrow(InvalidTriggerError);
  });

  it.each([
    ['an interval', interval('1h')],
    ['a cron expression', cron('0 9 * * *', { timezone: 'Asia/Tokyo' })],
  ])('has the first fire time that was coalesced added to its text: %s', (_, trigger) => {
    const of = { trigger, timezone: 'Europe/Berlin', anchor: 5 };
    const more = {
      unknown: { later: { timing: '}}' } },
      trace: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    };
    for (const given of [call, { ...call, ...more }]) {
      const plain = encodePayload(given, timingOf(of));
      expect(payloadFrom(plain, 7)).toBe(encodePayload(given, timingOf(of, 7)));
    }
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
