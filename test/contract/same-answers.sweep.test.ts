import fc from 'fast-check';
import { expect, test } from 'vitest';
import { START } from '../support/contract.js';
import type { Step } from '../support/contract-choices.js';
import { listen } from '../support/contract-records.js';
import { Play, STEPS } from '../support/contract-steps.js';
import { someStory, WRITTEN } from '../support/contract-stories.js';
import { sweep } from '../support/sweep.js';
import { MemoryPlace } from './backends/memory.js';
import { RedisPlace } from './backends/redis.js';

const number = fc.nat(60);

/** Any calls in any order, and stories among them. Each step picks what it needs from what there is, by numbers. */
const steps = fc
  .array(
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.record({ kind: fc.constantFrom(...STEPS), a: number, b: number, c: number, d: number }),
      },
      { weight: 1, arbitrary: someStory },
    ),
    { minLength: 1, maxLength: 200, size: 'max' },
  )
  .map((parts) => parts.flat());

async function play(given: readonly Step[], cover: Set<string>): Promise<void> {
  const place = new RedisPlace();
  const [redis, memory] = [place.store(START), new MemoryPlace().store(START)];
  try {
    const heard = [await listen(redis), await listen(memory)];
    const player = new Play([redis, memory]);
    for (const [index, step] of given.entries()) {
      const [one, other] = await player.step(step);
      expect(other, `step ${index}: ${JSON.stringify(step)}`).toEqual(one);
      for (const word of textsOf(one)) cover.add(`${step.kind} ${word}`);
    }
    const [published, twin] = await Promise.all(heard.map((hear) => hear()));
    expect(twin).toEqual(published);
    for (const message of published ?? [])
      cover.add(typeof message === 'object' ? String(message.type) : reported(message));
  } finally {
    await place.leave();
  }
}

/** Every text in an answer, including the words that distinguish one case from another. */
function textsOf(answer: unknown): string[] {
  if (typeof answer === 'string') return [answer];
  return typeof answer === 'object' && answer !== null ? Object.values(answer).flatMap(textsOf) : [];
}

/** The subject of a message that is not an event. */
const reported = (message: string) => (message.startsWith('cancel ') ? 'asked to cancel' : 'woken');

/** The answers that have to occur: calls that are all refused would agree too. */
const WANTED: Record<string, readonly string[]> = {
  put: ['done', 'changed', 'stale'],
  claim: ['done', 'over', 'paused'],
  release: ['restored', 'gone'],
  submit: ['submitted', 'waiting', 'max_instances', 'stale'],
  cancel: ['cancelled', 'cancelling', 'unknown'],
  runs: ['waiting', 'scheduled', 'queued', 'running', 'retrying'],
  start: ['started', 'dropped', 'ended', 'unreadable'],
  settle: ['settled', 'cancelled', 'void'],
  heartbeat: ['refused', 'cancelled'],
  reap: ['reaped', 'alive'],
};
const PUBLISHED = [
  ...['job_added', 'job_modified', 'job_removed', 'job_missed', 'job_submitted', 'job_max_instances', 'job_started'],
  ...['job_executed', 'job_error', 'job_retrying', 'job_cancelled', 'job_quarantined', 'leader_elected', 'worker_left'],
  ...['asked to cancel', 'woken'],
];

const CASES = sweep(30, 1_000);

test('both adapters answer alike and publish alike, whatever is asked of them', { timeout: 1_200_000 }, async () => {
  const cover = new Set<string>();
  for (const story of WRITTEN) await play(story, cover);
  const wanted = Object.entries(WANTED).flatMap(([kind, words]) => words.map((word) => `${kind} ${word}`));
  expect([...wanted, ...PUBLISHED].filter((what) => !cover.has(what))).toEqual([]);
  await fc.assert(
    fc.asyncProperty(steps, (given) => play(given, cover)),
    { numRuns: CASES },
  );
});
