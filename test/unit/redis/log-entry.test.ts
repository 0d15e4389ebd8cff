import { expect, it } from 'vitest';
import { eventsOf, placeOf } from '../../../packages/redis/src/store/log-entry.js';

const HEAD = '{"v":1,"seq":9,"type":"job_started","at":5}';
const lines = (...bodies: readonly string[]) => [HEAD, ...bodies].join('\n');

it('an entry of the log is one event, or those of its lines, each with its place', () => {
  const cases: readonly [fields: readonly string[], events: readonly (readonly [id: string, message: string])[]][] = [
    [['event', '{"v":1,"seq":9}'], [['5-0', '{"v":1,"seq":9}']]],
    [['event', 'garbage'], [['5-0', 'garbage']]],
    [['events', lines('"n":1')], [['5-0', '{"v":1,"seq":9,"type":"job_started","at":5,"n":1}']]],
    [
      ['events', lines('"n":1', '"n":2'), 'events', lines('"n":3')],
      [
        ['5-0.1', '{"v":1,"seq":9,"type":"job_started","at":5,"n":1}'],
        ['5-0.2', '{"v":1,"seq":10,"type":"job_started","at":5,"n":2}'],
        ['5-0', '{"v":1,"seq":9,"type":"job_started","at":5,"n":3}'],
      ],
    ],
  ];
  for (const [fields, events] of cases) {
    expect(eventsOf('5-0', fields).map(({ id, message }) => [id, message])).toEqual(events);
  }
  const foreign = [
    ['event'],
    ['foreign', 'value'],
    ['event', 'x', 'event', 'y'],
    ['events', ''],
    ['events', lines()],
    ['events', '"n":1'],
    ['events', lines('"n":1'), 'event', 'x'],
    ['events', lines('"n":1'), 'events', 'x'],
    ['events', `${HEAD} \n"n":1`],
  ];
  for (const fields of foreign) {
    expect(eventsOf('5-0', fields)).toEqual([{ id: '5-0', message: JSON.stringify(fields) }]);
  }
});

it('the place of an event names the entry, and where in it to go on', () => {
  expect(placeOf('5-0')).toEqual({ entryId: '5-0', before: undefined });
  expect(placeOf('5-0.12')).toEqual({ entryId: '5-0', before: 12 });
});
