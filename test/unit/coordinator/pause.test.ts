import { expect, test } from 'vitest';
import { outboxOf, type Pause, pauseAfter, type Step } from '../../../packages/coordinator/src/pause.js';

const NOW = 10_000;

/** A step that found nothing to do. */
function stepOf({ page, ...more }: Partial<Omit<Step, 'page'>> & { readonly page?: Partial<Step['page']> }): Step {
  return {
    page: { now: NOW, nextDueAt: null, outboxAt: null, ...page },
    ...{ outbox: 'empty', claims: 0, nextDueAt: null, dispatched: 'all', reaped: 0 },
    ...{ hadLeft: false, isFull: false, claimRestMs: 0 },
    ...more,
  };
}

const idle = (idleMs: number, dueAt: number | null): Pause => ({ nextStepMs: null, idleMs, dueAt });

test('what a leader finds in the outbox is to be dispatched, unless it may all be on its way', () => {
  const table: readonly (readonly [outboxAt: number | null, onTheWaySince: number | null, found: string])[] = [
    [null, null, 'empty'],
    [NOW + 1, null, 'empty'],
    [NOW, null, 'to dispatch'],
    [NOW - 5, NOW - 4, 'to dispatch'],
    [NOW - 4, NOW - 4, 'to confirm'],
    [NOW, NOW - 4, 'to confirm'],
  ];
  const found = table.map(([outboxAt, since]) => outboxOf({ now: NOW, nextDueAt: null, outboxAt }, since));
  expect(found).toEqual(table.map(([, , what]) => what));
});

test('where there is more to do, the next step follows at once, or after a rest', () => {
  const isMore = { page: { nextDueAt: NOW } };
  const table: readonly (readonly [Parameters<typeof stepOf>[0], nextStepMs: number])[] = [
    [{ isFull: true }, 500],
    [{ dispatched: 'slowly', reaped: 1 }, 500],
    [{ dispatched: 'more', claimRestMs: 9 }, 0],
    [{ reaped: 1, claimRestMs: 9 }, 0],
    [{ hadLeft: true, claimRestMs: 9 }, 1],
    [{ ...isMore, claimRestMs: 9 }, 9],
    [isMore, 0],
  ];
  expect(table.map(([step]) => pauseAfter(stepOf(step)))).toEqual(table.map(([, nextStepMs]) => ({ nextStepMs })));
});

test('where there is nothing to do, a leader is idle until the first of what is to come', () => {
  const table: readonly (readonly [Parameters<typeof stepOf>[0], Pause])[] = [
    [{}, idle(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)],
    [{ page: { nextDueAt: NOW + 70 } }, idle(70, NOW + 70)],
    [{ nextDueAt: NOW + 60, page: { nextDueAt: NOW + 70 } }, idle(60, NOW + 60)],
    // A run of the outbox is due later: before the fire, with it or after it.
    [{ page: { nextDueAt: NOW + 70, outboxAt: NOW + 50 } }, idle(50, null)],
    [{ page: { nextDueAt: NOW + 70, outboxAt: NOW + 70 } }, idle(70, null)],
    [{ page: { nextDueAt: NOW + 70, outboxAt: NOW + 90 } }, idle(70, NOW + 70)],
    // After claims, the leader looks whether their runs have left the outbox, and collects jobs that come due.
    [{ claims: 1, page: { nextDueAt: NOW + 70 } }, idle(20, null)],
    [{ claims: 1, page: { nextDueAt: NOW + 2 } }, idle(5.2, NOW + 2)],
    [{ outbox: 'to confirm', page: { nextDueAt: NOW + 70, outboxAt: NOW } }, idle(0, null)],
  ];
  expect(table.map(([step]) => pauseAfter(stepOf(step)))).toEqual(table.map(([, pause]) => pause));
});
