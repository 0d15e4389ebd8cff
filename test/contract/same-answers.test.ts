import fc from 'fast-check';
import { expect, test } from 'vitest';
import { START } from '../support/contract.js';
import { openMemory } from '../support/contract-memory.js';
import { listen } from '../support/contract-records.js';
import { openRedis } from '../support/contract-redis.js';
import { Play, STEPS, type Step } from '../support/contract-steps.js';

/** Any calls in any order: each step picks what it needs by numbers, from what there is. */
const steps = fc.array(
  fc.record({ kind: fc.constantFrom(...STEPS), a: fc.nat(60), b: fc.nat(60), c: fc.nat(60), d: fc.nat(60) }),
  { minLength: 1, maxLength: 150, size: 'max' },
);

async function play(given: readonly Step[], cover: Set<string>): Promise<void> {
  const [redis, memory] = [await openRedis.store(START), await openMemory.store(START)];
  try {
    const heard = [await listen(redis), await listen(memory)];
    const player = new Play([redis, memory]);
    for (const [index, step] of given.entries()) {
      const [one, other] = await player.step(step);
      expect(other, `step ${index}: ${JSON.stringify(step)}`).toEqual(one);
      for (const word of wordsOf(one)) cover.add(`${step.kind} ${word}`);
    }
    const [published, twin] = await Promise.all(heard.map((hear) => hear()));
    expect(twin).toEqual(published);
    for (const message of published ?? []) if (typeof message === 'object') cover.add(String(message.type));
  } finally {
    await Promise.all([redis.close(), memory.close()]);
  }
}

const WORDS = [
  ...[
    'done',
    'changed',
    'over',
    'paused',
    'submitted',
    'max_instances',
    'started',
    'dropped',
    'ended',
    'settled',
    'void',
  ],
  ...['reaped', 'alive'],
];

/** The words of an answer that tell one case from another. */
function wordsOf(answer: unknown): string[] {
  const json = JSON.stringify(answer) ?? '';
  return WORDS.filter((word) => json.includes(`"${word}"`));
}

test('both adapters answer alike and publish alike, whatever is asked of them', { timeout: 120_000 }, async () => {
  const cover = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, (given) => play(given, cover)),
    { numRuns: 150 },
  );
  // Random calls that never come to anything would agree too.
  const wanted = [
    ...[
      'put done',
      'put changed',
      'claim done',
      'claim over',
      'claim paused',
      'submit submitted',
      'submit max_instances',
    ],
    ...['start started', 'start dropped', 'start ended', 'settle settled', 'settle void', 'reap reaped', 'reap alive'],
    ...['job_added', 'job_modified', 'job_removed', 'job_missed', 'job_max_instances', 'job_error', 'worker_lost'],
    ...['job_quarantined', 'leader_elected', 'job_executed'],
  ];
  expect(wanted.filter((what) => !cover.has(what))).toEqual([]);
});
