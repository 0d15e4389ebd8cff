import { expect, it } from 'vitest';
import { TYPES, typesOf } from '../../../packages/console/page/src/screens/events/groups.ts';
import { joined } from '../../../packages/console/page/src/screens/events/tail.ts';
import { EVENT_TYPES } from '../../../packages/core/src/event/schema.ts';

const ids = (...names: readonly string[]) => names.map((eventId) => ({ eventId }));

it('has what came before what is shown, once each, and no more than it is to keep', () => {
  expect(joined(ids('2', '1'), ids('3', '4'))).toEqual(ids('4', '3', '2', '1'));
  expect(joined(ids('2', '1'), ids('2', '3'))).toEqual(ids('3', '2', '1'));
  expect(joined(ids('2', '1'), ids('3', '4'), 3)).toEqual(ids('4', '3', '2'));
  expect(joined([], ids('1'))).toEqual(ids('1'));
  expect(joined(ids('1'), [])).toEqual(ids('1'));
});

it('offers every type of event, and takes what it does not know for all', () => {
  expect([...TYPES].sort()).toEqual([...EVENT_TYPES].sort());
  expect(typesOf('failures')).toContain('job_missed');
  expect(typesOf('job_added')).toEqual(['job_added']);
  expect(typesOf('toString')).toEqual([]);
  expect(typesOf('')).toEqual([]);
});
