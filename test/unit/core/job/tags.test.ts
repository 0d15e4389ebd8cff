import { InvalidJobError, interval, type JobSpec, Scheduler, type UntypedTasks } from '@carillon/core';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { describe, expect, it } from 'vitest';
import { membersBefore } from '../../../../packages/core/src/job/account.js';
import { encodeJob } from '../../../../packages/core/src/job/record.js';
import { definitionOf } from '../../../support/job-definition.js';

const START = new Date('2026-03-02T08:00:00Z');

function opened() {
  const clock = new VirtualClock(START);
  return { clock, scheduler: new Scheduler({ backend: new MemoryCluster({ clock }).connect() }) };
}

const job: JobSpec<UntypedTasks> = { id: 'x', task: 'a', trigger: interval('10m') };

describe('the tags of a job', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['come sorted, each once', ['team:b', 'billing', 'team:b', 'a'], ['a', 'billing', 'team:b']],
    ['are compared as composed characters', ['Zu\u0308rich', 'Z\u00fcrich'], ['Z\u00fcrich']],
    [
      'may have each character that is allowed',
      ['0._:/@+-', '会計', 'é'.repeat(64)],
      ['0._:/@+-', 'é'.repeat(64), '会計'],
    ],
    ['may be none', [], []],
    ['may be ten, and some of them twice', [...'jihgfedcba', 'a', 'b'], [...'abcdefghij']],
  ])('%s', async (_, given, kept) => {
    const { scheduler } = opened();
    expect((await scheduler.addJob({ ...job, tags: given })).tags).toEqual(kept);
    expect((await scheduler.getJob('x'))?.tags).toEqual(kept);
  });

  it.each<[string, unknown, RegExp]>([
    ['a string', 'billing', /tags "billing" must be an array of strings/],
    ['a number', [7], /tags\.0 7 must be a string/],
    ['nothing', [''], /tags\.0 "" is not a tag: use 1 to 64 letters/],
    ['a blank', ['team a'], /is not a tag/],
    ['a comma', ['a,b'], /is not a tag/],
    ['a quote', ['a"'], /is not a tag/],
    ['a bracket', ['a]'], /is not a tag/],
    ['a backslash', ['a\\'], /is not a tag/],
    ['a sign first', ['-a'], /the first a letter or digit/],
    ['65 characters', ['a'.repeat(65)], /is not a tag/],
    ['half a character', ['a\ud800'], /is not a tag/],
    ['a line', ['a\n'], /is not a tag/],
    ['eleven', [...'abcdefghijk'], /are more than 10 tags/],
  ])('are refused where there is %s', async (_, tags, why) => {
    const { scheduler } = opened();
    const spec = { ...job, tags } as JobSpec<UntypedTasks>;
    const adding = scheduler.addJob(spec);
    await expect(adding).rejects.toThrow(InvalidJobError);
    await expect(adding).rejects.toThrow(why);
    await scheduler.addJob(job);
    await expect(scheduler.modifyJob('x', { tags } as never)).rejects.toThrow(why);
  });
});

it.each<[unknown, RegExp]>([
  [7, /description 7 must be a string/],
  ['', /has 0 characters; a description has 1 to 1000/],
  ['x'.repeat(1001), /has 1001 characters/],
  ['a\u0000', /control character/],
])('the description %j is refused', async (description, why) => {
  await expect(opened().scheduler.addJob({ ...job, description } as never)).rejects.toThrow(why);
});

describe('changing tags and description', () => {
  it.each<[string, object, object]>([
    ['tags', { tags: ['b', 'a'] }, { tags: ['a', 'b'], description: 'first' }],
    ['no tags', { tags: [] }, { tags: [], description: 'first' }],
    ['description', { description: 'second' }, { tags: ['old'], description: 'second' }],
    ['no description', { description: null }, { tags: ['old'], description: null }],
  ])('%s: the schedule stays, and an event reports it', async (_, changes, after) => {
    const { clock, scheduler } = opened();
    await scheduler.addJob({ ...job, tags: ['old'], description: 'first' });
    const seen: unknown[] = [];
    await scheduler.addListener((event) => void seen.push(event), ['job_modified']);
    await clock.advance(60_000);
    const before = await scheduler.getJob('x');
    const changed = await scheduler.modifyJob('x', changes, { actor: 'ann' });
    expect(changed).toMatchObject({ ...after, nextRunTime: before?.nextRunTime, trigger: job.trigger });
    await clock.advance(1);
    const { tags } = changed;
    expect(seen).toEqual([
      expect.objectContaining({
        jobId: 'x',
        nextRunTime: before?.nextRunTime,
        actor: 'ann',
        ...(tags.length > 0 && { tags }),
      }),
    ]);
    // The same tags again are not a change.
    await scheduler.modifyJob('x', changes, { actor: 'bob' });
    await clock.advance(1);
    expect(seen).toHaveLength(1);
    expect(await scheduler.getJob('x')).toMatchObject({ ...after, nextRunTime: before?.nextRunTime });
  });

  it('adding again with other tags keeps the next run time; in another order it changes nothing', async () => {
    const { clock, scheduler } = opened();
    const seen: string[] = [];
    await scheduler.addListener(({ type }) => void seen.push(type), ['job_added', 'job_modified', 'job_missed']);
    const { nextRunTime } = await scheduler.addJob({ ...job, tags: ['a', 'b'], replaceExisting: true });
    await clock.advance(60_000);
    await scheduler.addJob({ ...job, tags: ['b', 'a', 'a'], replaceExisting: true });
    const again = await scheduler.addJob({ ...job, tags: ['c'], description: 'd', replaceExisting: true });
    await clock.advance(1);
    expect(again).toMatchObject({ nextRunTime, tags: ['c'], description: 'd' });
    expect(seen).toEqual(['job_added', 'job_modified']);
  });
});

it('the account has what the tags and the description were', () => {
  const before = definitionOf(interval('10m'), 0, { tags: ['a'], description: 'first' });
  const after = definitionOf(interval('10m'), 0, { tags: ['a', 'b'] });
  const was = membersBefore(encodeJob(before), encodeJob(after));
  expect(was).toEqual({ tags: ['a'], description: 'first' });
  expect(membersBefore(encodeJob(after), encodeJob({ ...after, tags: [] }))).toEqual({ tags: ['a', 'b'] });
  expect(membersBefore(encodeJob({ ...after, tags: [] }), encodeJob(after))).toEqual({ tags: null });
});
