import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOB_FIELD, USE_OF_FIELD } from './growing/job-field.js';
import { apply, compile, copyOfTree, exercise, type Patch } from './growing/tree.js';
import { TRIGGER_KIND, USE_OF_KIND } from './growing/trigger-kind.js';

const MOST_FILES = 4;

const filesOf = (patches: readonly Patch[]) => new Set(patches.map(({ file }) => file));

describe('what the project grows by touches few files', () => {
  let copy: string;

  beforeAll(async () => {
    copy = await copyOfTree();
    await apply(copy, [...TRIGGER_KIND, ...JOB_FIELD]);
    expect(await compile(copy)).toBe('');
  });

  afterAll(() => rm(copy, { recursive: true, force: true }));

  it.each([
    ['a trigger kind', TRIGGER_KIND],
    ['a job field', JOB_FIELD],
  ])(`%s: at most ${MOST_FILES}, docs and tests aside`, (_, patches) => {
    expect(filesOf(patches).size).toBeLessThanOrEqual(MOST_FILES);
  });

  it('a trigger kind fires, nests, is described, compared, explained and refused', async () => {
    expect(await exercise(copy, USE_OF_KIND)).toEqual({
      text: 'hourly[at :15]',
      words: 'Every hour, at minute 15',
      next: 4_500_000,
      both: 8_100_000,
      digest: true,
      why: 'the minute is 0, the job says 15',
      wrong: expect.stringMatching(/^hourly: minute 60 /),
      unknown: expect.stringContaining(
        'make one with date(), interval(), cron(), calendarInterval(), hourly(), and() or or()',
      ),
      minute: 15,
      trigger: { type: 'hourly', minute: 15 },
      console: true,
    });
  });

  it('a job field is checked, filled, stored, shown, compared, exported, given by an option and planned by', async () => {
    expect(await exercise(copy, USE_OF_FIELD)).toEqual({
      wrong: expect.stringContaining('catchUp 0 must be at least 1'),
      byDefault: 7,
      job: 2,
      changed: [{ member: 'catchUp', before: 3, after: 2 }],
      record: 2,
      usual: false,
      planned: 2,
      line: 2,
      view: true,
      option: 5,
      console: [true, false, true],
    });
  });
});
