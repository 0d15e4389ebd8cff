import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkEventTypes,
  EVENT_TYPES,
  eventJsonSchema,
  eventSchema,
  parseEvent,
} from '../../../../packages/core/src/event/schema.js';
import { violations } from '../../../support/json-schema.js';

const read = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
const executed = {
  v: 1,
  seq: 3,
  type: 'job_executed',
  at: 1_000,
  jobStore: 'default',
  jobId: null,
  runId: 'r',
  task: 't',
  executionId: 'r.0',
  scheduledRunTime: 999,
  value: { a: [null, 1.5, 'x', { b: true }] },
} as const;

describe('what is documented of events', () => {
  it('docs/events.schema.json is what scripts/events-schema.js writes', () => {
    expect(JSON.parse(read('events.schema.json'))).toEqual(JSON.parse(JSON.stringify(eventJsonSchema())));
  });

  it('docs/events.md has a row for each event, with every member', () => {
    const rows = new Map(
      [...read('events.md').matchAll(/^\| `(\w+)` +\|(.*)$/gm)].map(([, type = '', row = '']) => [type, row]),
    );
    expect([...rows.keys()].sort()).toEqual([...EVENT_TYPES].sort());
    for (const option of eventSchema.options) {
      const reported = Object.keys(option.shape).filter(
        (name) => !['v', 'seq', 'type', 'at', 'jobStore'].includes(name),
      );
      const row = rows.get(option.shape.type.value) ?? '';
      expect(
        reported.filter((name) => !row.includes(`\`${name}\``)),
        option.shape.type.value,
      ).toEqual([]);
    }
  });

  it('the example in docs/events.md fits the schema', () => {
    const [, example = ''] = /```json\n([^`]*)```/.exec(read('events.md')) ?? [];
    expect(violations(eventJsonSchema() as never, JSON.parse(example))).toEqual([]);
    expect(parseEvent(example)).toMatchObject({ type: 'job_executed', at: new Date(1_790_000_000_000) });
  });
});

describe('the JSON Schema and what listeners read', () => {
  const fits = (event: object) => violations(eventJsonSchema() as never, event).length === 0;
  it.each<[string, object, boolean]>([
    ['an event', executed, true],
    ['one with a member that is not known', { ...executed, more: 1 }, true],
    ['another version', { ...executed, v: 2 }, false],
    ['a time that is not an integer', { ...executed, at: 1.5 }, false],
    ['a time as text', { ...executed, at: '2026-01-01T00:00:00Z' }, false],
    ['a member that is missing', { ...executed, runId: undefined }, false],
    ['a type that is not known', { ...executed, type: 'job_lost' }, false],
    ['members of another type', { ...executed, type: 'job_error' }, false],
    ['null where something must be', { ...executed, task: null }, false],
  ])('agree on %s', (_, event, expected) => {
    const json = JSON.stringify(event);
    expect(fits(JSON.parse(json))).toBe(expected);
    expect(parseEvent(json) !== null).toBe(expected);
  });

  it('listeners get dates', () => {
    expect(parseEvent(JSON.stringify(executed))).toEqual({
      ...executed,
      at: new Date(1_000),
      scheduledRunTime: new Date(999),
    });
  });

  it.each(['', 'null', '{', '[]', '"x"', '{"type":"__proto__"}'])('%j is not an event', (message) => {
    expect(parseEvent(message)).toBeNull();
  });

  it('a type that does not exist is refused with those that do', () => {
    expect(() => checkEventTypes(['job_error', 'job_failed' as 'job_error'])).toThrow(
      /job_failed; there are .*job_error/,
    );
    expect(checkEventTypes([])).toEqual([]);
  });
});
