import type { Patch } from './tree.js';

const ROW = `  catchUp: {
    belongsTo: 'policy',
    option: options.maxInstances,
    stored: z.int().min(1),
    default: 1_000,
    readBy: ['planner'],
    kind: 'count',
    command: { flags: '--catch-up <n>', help: 'how many fire times of a backlog run (default: 1000)' },
  },
`;

/** A job field that the planner reads, as a contributor would add it by the recipe. */
export const JOB_FIELD: readonly Patch[] = [
  {
    file: 'packages/core/src/job/fields.ts',
    find: '  /** The number of fire times,',
    replace: `${ROW}  /** The number of fire times,`,
  },
  {
    file: 'packages/core/src/job/spec.ts',
    find: '  readonly coalesce?: boolean | undefined;\n',
    replace:
      '  readonly coalesce?: boolean | undefined;\n  /** How many fire times of a backlog run. */\n  readonly catchUp?: number | undefined;\n',
  },
  {
    file: 'packages/core/src/scheduler/job.ts',
    find: '  readonly coalesce!: boolean;\n',
    replace: '  readonly coalesce!: boolean;\n  readonly catchUp!: number;\n',
  },
  {
    file: 'packages/coordinator/src/plan.ts',
    find: 'policy.coalesce ? 1 : MAX_CATCH_UP',
    replace: 'policy.coalesce ? 1 : policy.catchUp',
  },
  {
    file: 'packages/coordinator/src/plan.ts',
    find: '  MAX_CATCH_UP,\n',
    replace: '',
  },
];

/** A program that prints the effects of the new job field. */
export const USE_OF_FIELD = `
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
