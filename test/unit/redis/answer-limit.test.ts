import { expect, it } from 'vitest';
import { AnswerLimit } from '../../../packages/redis/src/store/answer-limit.js';
import { ManualClock } from '../../support/manual-clock.js';

function limitOf(ms: number) {
  const clock = new ManualClock();
  const limit = new AnswerLimit(ms, clock);
  const outcomes: string[] = [];
  const ask = (name: string) => {
    const asked = { answer: (_: string) => {}, fail: (_: Error) => {} };
    const answer = new Promise<string>((resolve, reject) => Object.assign(asked, { answer: resolve, fail: reject }));
    limit.within(answer).then(
      (value) => outcomes.push(`${name}: ${value}`),
      ({ message }: Error) => outcomes.push(`${name}: ${message}`),
    );
    return asked;
  };
  return { clock, ask, outcomes };
}

it('each call has the whole time', async () => {
  const { clock, ask, outcomes } = limitOf(100);
  ask('a');
  await clock.advance(60);
  ask('b');
  await clock.advance(40);
  expect(outcomes).toEqual(['a: no answer within 100ms']);
  await clock.advance(59);
  expect(outcomes).toHaveLength(1);
  await clock.advance(1);
  expect(outcomes).toEqual(['a: no answer within 100ms', 'b: no answer within 100ms']);
});

it('what is answered, or fails, in time is passed on', async () => {
  const { clock, ask, outcomes } = limitOf(100);
  const [a, b] = [ask('a'), ask('b')];
  ask('c');
  b.fail(new Error('refused'));
  a.answer('yes');
  await clock.advance(0);
  await clock.advance(100);
  expect(outcomes).toEqual(['b: refused', 'a: yes', 'c: no answer within 100ms']);
});

it('any number of calls have one timer, and none has one once all are answered', async () => {
  const { clock, ask } = limitOf(100);
  const all = Array.from({ length: 50 }, (_, index) => ask(`${index}`));
  expect(clock.timers).toBe(1);
  for (const { answer } of all) answer('yes');
  await clock.advance(0);
  await clock.advance(100);
  expect(clock.timers).toBe(0);
  ask('later');
  expect(clock.timers).toBe(1);
});
