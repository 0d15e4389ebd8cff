import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fireTimesInSteps } from '../../../../packages/core/src/trigger/compile.js';
import { dueInSteps, dueInTurn, fireAfter } from '../../../../packages/core/src/trigger/due.js';
import { and, compileTrigger, cron, interval, or, type Trigger } from '../../../../packages/core/src/trigger/index.js';
import { nextInSteps } from '../../../../packages/core/src/trigger/search.js';
import { finished, type Steps } from '../../../../packages/core/src/trigger/steps.js';
import { sweep } from '../../../support/sweep.js';
import { instants, recurringTriggers } from './arbitraries.js';

const options = { jobId: 'job', now: new Date('2026-01-01T00:00:00Z') };

/** Steps through all generators, one step at a time, in a random order. Returns their values. */
function interleaved<T>(many: readonly Steps<T>[], which: () => number): T[] {
  const values = new Map<number, T>();
  while (values.size < many.length) {
    const left = many.flatMap((_, index) => (values.has(index) ? [] : [index]));
    const index = left[which() % left.length] ?? 0;
    const { done, value } = (many[index] as Steps<T>).next();
    if (done) values.set(index, value);
  }
  return many.map((_, index) => values.get(index) as T);
}

/** Counts the steps. */
function count(steps: Steps<unknown>): number {
  let made = 1;
  while (!steps.next().done) made += 1;
  return made;
}

test('searches of one trigger that go on in turns find what each finds alone', () => {
  const asked = fc.array(instants, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(recurringTriggers, asked, fc.infiniteStream(fc.nat(20)), (trigger, afters, chance) => {
      const alone = afters.map((after) => compileTrigger(trigger, options).nextMs(after));
      const compiled = finished(fireTimesInSteps(trigger, options));
      const searches = afters.map((after) => nextInSteps(compiled, after));
      expect(interleaved(searches, () => chance.next().value ?? 0)).toEqual(alone);
      // What the searches remember of each other does not mislead later ones.
      expect(afters.map((after) => compiled.nextMs(after))).toEqual(alone);
    }),
    { numRuns: sweep(40, 2_000) },
  );
});

test('due fires that are found one after the other are those that a search finds, and the next one', () => {
  let [found, left] = [0, 0];
  fc.assert(
    fc.property(
      recurringTriggers,
      instants,
      fc.nat(12),
      fc.integer({ min: 1, max: 4 }),
      (trigger, after, more, limit) => {
        const compiled = compileTrigger(trigger, options);
        const fires = [fireAfter(compiled, after)];
        for (let at = 0; at < more; at++) fires.push(fireAfter(compiled, fires.at(-1)?.fireTime ?? after));
        const [pending, last] = [fires[0], fires.findLast((fire) => fire !== undefined && fire !== null)];
        if (!pending || !last) return;
        const inTurn = finished(dueInTurn(compiled, pending, last.dueAt, limit));
        const due = finished(dueInSteps(compiled, pending, last.dueAt, limit));
        if (inTurn) expect(inTurn).toEqual({ due, next: fireAfter(compiled, due.fires.at(-1)?.fireTime ?? 0) });
        if (inTurn) found += 1;
        else left += 1;
      },
    ),
    { numRuns: sweep(200, 5_000) },
  );
  expect(Math.min(found, left)).toBeGreaterThan(0);
});

const RARE: Readonly<Record<string, Trigger>> = {
  'Fridays the 13th of February in two zones': and(
    cron('0 * 13 2 5', { timezone: 'Asia/Tokyo' }),
    cron({ day: 13, dayOfWeek: 'fri', hour: '*', minute: 0 }, { timezone: 'America/Bogota' }),
  ),
  'leap days in two zones': and(
    cron('0 * 29 2 *', { timezone: 'Asia/Tokyo' }),
    cron('*/30 * * * *', { timezone: 'America/Bogota' }),
  ),
  'the 53rd week in two zones': and(
    cron({ week: 53, hour: '*', minute: 0 }, { timezone: 'Asia/Tokyo' }),
    cron('*/30 * * * *', { timezone: 'America/Bogota' }),
  ),
  'the 31st, and leap days that are Mondays': and(
    cron('0 * 31 * *', { timezone: 'UTC' }),
    cron('0 */3 29 2 1', { timezone: 'Pacific/Apia' }),
  ),
};

/** A second search of the same trigger runs whole between two steps of the first, from a little after the instant that the first finds. */
test.each(Object.keys(RARE))('%s: a later search between two steps of one changes nothing in it', (name) => {
  const trigger = RARE[name] as Trigger;
  const base = compileTrigger(trigger, options);
  let from = options.now.getTime();
  for (let round = 0; round < sweep(2, 8); round++) {
    const alone = base.nextMs(from);
    if (alone === null) return;
    const steps = count(nextInSteps(compileTrigger(trigger, options), from));
    for (const afterMs of [900_000, 10_800_000, 43_200_000]) {
      for (let place = 1; place < Math.min(steps, 60); place++) {
        const compiled = finished(fireTimesInSteps(trigger, options));
        const search = nextInSteps(compiled, from);
        for (let made = 0; made < place; made++) search.next();
        compiled.nextMs(alone + afterMs);
        expect([finished(search), compiled.nextMs(from)]).toEqual([alone, alone]);
      }
    }
    from = alone;
  }
});

/** Legal, and as costly as possible: many combinations, many zones, a step for each fire of a long backlog. */
const COSTLY: Readonly<Record<string, Trigger>> = {
  'an or of fifty': or(...Array.from({ length: 50 }, (_, index) => cron(`${index} ${index % 24} * * *`))),
  'a hundred combinations': and(
    or(...Array.from({ length: 10 }, (_, index) => cron(`*/${index + 2} * * * *`))),
    or(...Array.from({ length: 10 }, (_, index) => cron(`${index} * * * *`))),
  ),
  'fifty zones': and(
    ...Intl.supportedValuesOf('timeZone')
      .slice(0, 50)
      .map((timezone) => cron('0 9 * * *', { timezone })),
  ),
};

test.each(Object.keys(COSTLY))('%s: compiled in a step for each trigger, and searched in many', (name) => {
  const trigger = COSTLY[name] as Trigger;
  expect(count(fireTimesInSteps(trigger, options))).toBeGreaterThanOrEqual(20);
  const compiled = compileTrigger(trigger, options);
  expect(count(nextInSteps(compiled, options.now.getTime()))).toBeGreaterThanOrEqual(20);
});

test('each fire of a backlog is a step, and each of its delays', () => {
  const trigger = compileTrigger(interval({ seconds: 1, jitter: '500ms' }), options);
  const from = options.now.getTime();
  const pending = fireAfter(trigger, from);
  expect(pending && count(dueInSteps(trigger, pending, from + 600_000, 500))).toBeGreaterThanOrEqual(1_000);
});
