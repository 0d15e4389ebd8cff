import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOB_FIELD } from './growing/job-field.js';
import { apply, compile, copyOfTree, exercise, type Patch } from './growing/tree.js';
import { TRIGGER_KIND } from './growing/trigger-kind.js';

const MOST_FILES = 4;

const filesOf = (patches: readonly Patch[]) => new Set(patches.map(({ file }) => file));

/** What is printed of the new kind of trigger. */
const OF_KIND = `
import { and, compileTrigger, describeTrigger, hourly, interval, Scheduler, triggerText } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { triggerDigest } from './packages/core/dist/trigger/index.js';
import { whyNot } from './packages/core/dist/trigger/why-not.js';
import { trigger as schema } from './packages/console/dist/api/schemas/job.js';
const trigger = hourly(15);
const refused = (data) => { try { compileTrigger(data); } catch (error) { return error.message; } };
const both = compileTrigger(and(trigger, interval({ minutes: 45, startAt: new Date(0) })));
const scheduler = new Scheduler({ backend: new MemoryCluster().connect() });
const added = await scheduler.addJob({ id: 'j', task: 't', trigger });
const read = await scheduler.getJob('j');
await scheduler.shutdown();
console.log(JSON.stringify({
  text: triggerText(trigger), words: describeTrigger(trigger), next: compileTrigger(trigger).nextMs(900_000),
  both: both.nextMs(0), digest: triggerDigest(trigger) === triggerDigest({ minute: 15, type: 'hourly', v: 1 }),
  why: whyNot(trigger, {}, 0).text, wrong: refused({ type: 'hourly', minute: 60 }), unknown: refused({ type: 'x' }),
  minute: added.nextRunTime.getUTCMinutes(), trigger: read.trigger, console: schema.safeParse(trigger).success,
}));`;

/** What is printed of the new job field. */
const OF_FIELD = `
import { interval, Scheduler, compileTrigger } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Command } from 'commander';
import { planInSteps } from './packages/coordinator/dist/plan.js';
import { jobChangesOf } from './packages/core/dist/account/job-changes.js';
import { encodeJob } from './packages/core/dist/job/record.js';
import { finished } from './packages/core/dist/trigger/steps.js';
import { fillSpec } from './packages/core/dist/job/fill.js';
import { jobChanges } from './packages/console/dist/api/schemas/job-spec.js';
import { job as answer } from './packages/console/dist/api/schemas/job.js';
import { lineOf } from './packages/carillon/dist/cli/jobs/line.js';
import { jobInFull } from './packages/carillon/dist/cli/jobs/view.js';
import { policyOf, withPolicy } from './packages/carillon/dist/cli/options/policy.js';
const scheduler = new Scheduler({ backend: new MemoryCluster().connect(), jobDefaults: { catchUp: 7 } });
const wrong = await scheduler.addJob({ task: 't', catchUp: 0 }).catch((error) => error.message);
const spec = { task: 't', trigger: interval('1h') };
const byDefault = await scheduler.addJob({ ...spec, id: 'd' });
await scheduler.addJob({ ...spec, id: 'j', catchUp: 3 });
await scheduler.modifyJob('j', { catchUp: 2 });
const job = await scheduler.getJob('j');
await scheduler.shutdown();
const definition = (catchUp) => fillSpec({ ...spec, catchUp, coalesce: false }, { policy: {} }, 0);
const revision = (definition, from, to) => ({ rev: from, from, to, definition, began: {}, ended: null, paused: false });
const changes = jobChangesOf({ revisions: [revision(definition(3), 1, 2), revision(definition(2), 2, null)] });
const pending = { fireTime: 3_600_000, dueAt: 3_600_000 };
const planned = finished(planInSteps(compileTrigger(spec.trigger, { now: new Date(0) }), definition(2), pending, 36_000_000));
const command = withPolicy(new Command()).parse(['node', 'x', '--catch-up', '5']);
console.log(JSON.stringify({
  wrong, byDefault: byDefault.catchUp, job: job.catchUp, changed: changes[0].changed,
  record: JSON.parse(encodeJob(definition(2))).catchUp, usual: 'catchUp' in JSON.parse(encodeJob(definition())),
  planned: planned.fires.length, line: lineOf(job).catchUp, view: /^catch up +2$/m.test(jobInFull(job)),
  option: policyOf(command.opts()).catchUp,
  console: [jobChanges.safeParse({ catchUp: 4 }).success, jobChanges.safeParse({ catchUp: 'x' }).success, 'catchUp' in answer.shape],
}));`;

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
    expect(await exercise(copy, OF_KIND)).toEqual({
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
    expect(await exercise(copy, OF_FIELD)).toEqual({
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
