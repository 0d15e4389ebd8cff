import { z } from 'zod';
import { InvalidJobError } from '../errors.js';
import type { JsonObject, JsonValue } from '../json.js';
import { meantNames } from '../near-name.js';
import type { DedupeWindow } from '../ports/job-records.js';
import { shown } from '../shown.js';
import type { Trigger } from '../trigger/index.js';
import { optionsOf } from './field-values.js';
import { memberwise } from './memberwise.js';
import { at, dedupe, delay, misfireGraceTime, noneOrHistory } from './policy-checks.js';
import {
  aliasSchema,
  areShort,
  argsSchema,
  jobIdSchema,
  kwargsSchema,
  runIdSchema,
  taskNameSchema,
} from './schemas.js';

/** Whether it is a trigger is for `compileTrigger` to say, whose errors are of their own kind. */
const trigger = z.custom<Trigger>();

const instant = z.date({ error: 'must be a valid Date' });

const executionShape = optionsOf('execution');
const policyShape = { ...executionShape, ...optionsOf('policy') };
const jobShape = optionsOf('job');

const callShape = {
  args: argsSchema.optional(),
  kwargs: kwargsSchema.optional(),
};

const requireTask = z.boolean({ error: 'must be true or false' }).optional();

// Messages name the options in this order: those of a job that are named here have their place, others follow.
const { name, tags, description } = jobShape;

const specShape = {
  ...policyShape,
  ...callShape,
  task: taskNameSchema,
  id: jobIdSchema.optional(),
  ...{ name, tags, description },
  trigger: trigger.optional(),
  jobStore: aliasSchema.optional(),
  nextRunTime: instant.nullable().optional(),
  ...jobShape,
  replaceExisting: z.boolean({ error: 'must be true or false' }).optional(),
  requireTask,
};

const changesShape = {
  ...policyShape,
  ...callShape,
  task: taskNameSchema.optional(),
  ...{ name, tags, description },
  trigger: trigger.optional(),
  nextRunTime: instant.nullable().optional(),
  ...jobShape,
};

/** A job spec of which all fields but the trigger are checked; durations are ms. */
export type CheckedSpec = z.output<typeof specSchema>;
export type CheckedChanges = z.output<typeof changesSchema>;
export type CheckedPolicy = z.output<typeof policySchema>;

const specSchema = z.strictObject(specShape);
/** What most ids are: they need no other look. */
const ORDINARY_ID = /^[ -~]{1,255}$/;
const isOrdinaryId = (id: unknown): id is string => typeof id === 'string' && ORDINARY_ID.test(id);
const readSpec = memberwise(specShape, ['task'], ['task', 'executor', 'jobStore'], {
  id: isOrdinaryId,
  args: areShort,
  trigger: (given) => given !== undefined,
});
const changesSchema = z.strictObject(changesShape);
const policySchema = z.strictObject(policyShape);

/** @throws InvalidJobError naming the field, the value and what is allowed. */
export function checkSpec(spec: unknown): CheckedSpec {
  const read = readSpec(spec);
  if (read) return read;
  const given = typeof spec === 'object' && spec !== null && 'id' in spec && typeof spec.id === 'string' ? spec.id : '';
  return checked(specSchema, spec, given ? `job ${JSON.stringify(given.slice(0, 40))}` : 'job');
}

/** @throws InvalidJobError */
export function checkChanges(id: string, changes: unknown): CheckedChanges {
  const result = checked(changesSchema, changes, `changes of job ${JSON.stringify(id)}`);
  if ((result.args || result.kwargs) && !result.task) {
    throw new InvalidJobError(`changes of job ${JSON.stringify(id)}: args and kwargs need their task: give task, too`);
  }
  return result;
}

/** @throws InvalidJobError */
export function checkPolicy(policy: unknown, what: string): CheckedPolicy {
  return checked(policySchema, policy, what);
}

/** @throws InvalidJobError */
export function checkJobId(id: unknown): string {
  if (isOrdinaryId(id)) return id;
  return checked(jobIdSchema, id, 'id');
}

/** @throws InvalidJobError */
export function checkRunId(id: unknown): string {
  return checked(runIdSchema, id, 'run id');
}

/** @throws InvalidJobError */
export function checkCall(task: unknown, args: unknown): { task: string; args: readonly JsonValue[] } {
  return checked(z.strictObject({ task: taskNameSchema, args: argsSchema }), { task, args }, 'enqueue');
}

/** @throws InvalidJobError */
export function checkAlias(what: string, alias: unknown): string {
  return checked(aliasSchema, alias, what);
}

/** How a run without a job is executed. */
export type CheckedEnqueueOptions = z.output<typeof enqueueSchema>;

const { executor, ...execution } = executionShape;

const enqueueSchema = z
  .strictObject({
    executor,
    jobStore: aliasSchema.optional(),
    requireTask,
    ...execution,
    history: noneOrHistory.nullable().optional(),
    misfireGraceTime,
    delay,
    at,
    dedupe,
  })
  .refine(({ delay, at }) => delay === undefined || at === undefined, {
    error: 'delay and at both say when: give one of them',
  });

export const ENQUEUE_OPTIONS = Object.keys(enqueueSchema.shape);

/** @throws InvalidJobError */
export function checkEnqueueOptions(options: unknown): CheckedEnqueueOptions {
  return checked(enqueueSchema, options, 'enqueue');
}

/** What one run of a job has, if it differs from what the job has. */
export interface CheckedRunOptions {
  readonly args?: readonly JsonValue[];
  readonly kwargs?: JsonObject;
  readonly dedupe?: DedupeWindow;
}

const runSchema = z.strictObject({ ...callShape, dedupe });

/** @throws InvalidJobError */
export function checkRunOptions(jobId: string, options: unknown): CheckedRunOptions {
  const { args, kwargs, dedupe: window } = checked(runSchema, options, 'runJob');
  // No task's name begins with a blank, and no id has a line break: so it is neither a key of `enqueue` nor of another job.
  const dedupe = window && { key: ` ${jobId}\n${window.key}`, forMs: window.for };
  return { ...(args && { args }), ...(kwargs && { kwargs }), ...(dedupe && { dedupe }) };
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw new InvalidJobError(`${what}: ${result.error.issues.map((issue) => inWords(issue, schema)).join('; ')}`);
}

function inWords(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const allowed = names.length > 0 ? `; allowed are ${names.join(', ')}${meantNames(issue.keys, names)}` : '';
    return `unknown field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}${allowed}`;
  }
  const { message, path } = issue;
  if (path.length === 0)
    return issue.code === 'invalid_type' && schema instanceof z.ZodObject ? 'must be an object' : message;
  if (issue.code === 'unrecognized_keys') return `${path.join('.')} ${issue.keys.join(', ')} ${message}`;
  const isJson = path[0] === 'args' || path[0] === 'kwargs';
  return isJson ? message : `${path.join('.')} ${shown(issue.input)} ${message}`;
}
