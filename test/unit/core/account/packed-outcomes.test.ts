import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEntry } from '../../../../packages/core/src/account/entry.js';
import { OutcomeIndex } from '../../../../packages/core/src/account/outcome-index.js';
import { PackedOutcomes } from '../../../../packages/core/src/account/packed-outcomes.js';
import { type DatedRecord, dated, decodeRecorded, lastOf } from '../../../../packages/core/src/account/recorded.js';

const instant = fc.integer({ min: -5, max: 60 });
const stretch = fc
  .tuple(fc.constantFrom(...'xecimXECIM'), instant, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5 }))
  .chain(([letter, first, step, count]) =>
    fc.constantFrom('', '~7', '~-3').map((slowest) => `${letter}${first}+${count === 1 ? 0 : step}*${count}${slowest}`),
  );
const range = fc
  .tuple(instant, fc.nat(20), fc.boolean())
  .map(([first, ms, isMissed]) => (isMissed ? `m${first}-${first + ms}` : `o${first}-${first + ms}>${first + ms + 1}`));
const wrong = fc.constantFrom(
  '',
  'x',
  'x1+0*2',
  'y1+0*1',
  'x1+0*1~',
  'm5-3',
  'x1+5*1',
  'x12345678901234567+0*1',
  'o1-2',
  'x1+0*1~2 ',
);
const outcome = fc.oneof({ weight: 5, arbitrary: stretch }, { weight: 2, arbitrary: range }, wrong);
const entry = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.nat(99), outcome).map(([at, text]) => `s${at} ${text}`) },
  fc.constantFrom('f3', 'b4 1 1', 's', 's5', 'sx x1+0*1', 'z5 x1+0*1', 'r9 2 2 {"what":"paused"}'),
);

/** Reads the records one by one. */
function readOf(entries: readonly string[], open: readonly string[], generation: number | null): DatedRecord[] {
  const closed = entries.flatMap((text) => {
    const read = decodeEntry(text);
    return read?.kind === 'outcomes' ? [dated(read.recorded, read.at, generation)] : [];
  });
  const going = open.flatMap((text) => {
    const recorded = decodeRecorded(text);
    return recorded ? [dated(recorded, null, generation)] : [];
  });
  return [...closed, ...going].sort((one, other) => one.first - other.first);
}

test('packed outcomes are what reading each of them gives, in the order of their first fire times', () => {
  const both = fc.tuple(fc.array(entry, { maxLength: 30 }), fc.array(outcome, { maxLength: 5 }));
  fc.assert(
    fc.property(both, fc.constantFrom(null, 3), ([entries, open], generation) => {
      const packed = new PackedOutcomes(entries, open);
      const isTaken = entries.map((_, place) => packed.takeEntry(place, generation));
      for (const place of open.keys()) packed.takeOpen(place, generation);
      expect(isTaken).toEqual(entries.map((text) => decodeEntry(text)?.kind === 'outcomes'));
      const expected = readOf(entries, open, generation);
      expect(packed.all()).toEqual(expected);
      expect(packed.ranges()).toEqual(expected.filter(({ form }) => form === 'range'));
      expect(expected.map((_, index) => [packed.first(index), packed.last(index)])).toEqual(
        expected.map((one) => [one.first, lastOf(one)]),
      );
      const index = new OutcomeIndex(packed);
      for (let at = -6; at < 100; at++) {
        const holding = expected.filter((one) => one.first <= at && at <= lastOf(one) && isNamed(one, at));
        expect(index.at(at)).toEqual(holding);
        // The caller compares records by identity, not by content.
        for (const one of index.at(at)) expect(index.all()).toContain(one);
      }
    }),
    { numRuns: 60 },
  );
});

function isNamed(record: DatedRecord, at: number): boolean {
  return record.form === 'range' || at === record.first || (at - record.first) % record.step === 0;
}
