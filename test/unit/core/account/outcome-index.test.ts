import { expect, it } from 'vitest';
import { OutcomeIndex } from '../../../../packages/core/src/account/outcome-index.js';
import { PackedOutcomes } from '../../../../packages/core/src/account/packed-outcomes.js';

function indexOf(...texts: readonly string[]): OutcomeIndex {
  const packed = new PackedOutcomes([], texts);
  expect(texts.every((_, place) => packed.takeOpen(place, null))).toBe(true);
  return new OutcomeIndex(packed);
}

const texts = ['x10+10*5~1', 'e15+20*2~1', 'm22-38', 'i22+0*1~1', 'X33+0*1~1', 'o60-80>90', 'x90+0*1~1', 'c10+0*1~1'];

/** Fire times that each outcome names itself; of a range, the first one. */
const SAID = [10, 15, 20, 22, 30, 33, 35, 40, 50, 60, 90];

it('finds the outcomes that hold an instant, however long they began before', () => {
  const index = indexOf(...texts);
  const at = (instant: number) => index.at(instant).map(({ outcome, first }) => `${outcome} from ${first}`);
  expect(at(9)).toEqual([]);
  expect(at(10)).toEqual(['executed from 10', 'cancelled from 10']);
  expect(at(22)).toEqual(['missed from 22', 'max_instances from 22']);
  expect(at(30)).toEqual(['executed from 10', 'missed from 22']);
  expect(at(33)).toEqual(['missed from 22', 'executed from 33']);
  expect(at(35)).toEqual(['error from 15', 'missed from 22']);
  expect(at(39)).toEqual([]);
  expect(at(50)).toEqual(['executed from 10']);
  expect(at(70)).toEqual(['coalesced from 60']);
  expect(at(90)).toEqual(['executed from 90']);
  expect(at(91)).toEqual([]);
});

it('goes from one fire time to the next, each of them once', () => {
  const index = indexOf(...texts);
  const found: number[] = [];
  for (let at = index.next(-1); at !== null; at = index.next(at)) found.push(at);
  expect(found).toEqual(SAID);
  expect(indexOf().next(0)).toBeNull();
  expect(indexOf().at(0)).toEqual([]);
});
