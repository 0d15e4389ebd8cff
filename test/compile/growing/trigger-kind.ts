import type { Patch } from './tree.js';

const KIND = `import { z } from 'zod';
import { checkForm, strictForm } from './form.js';
import type { TriggerKind } from './kind.js';
import { windowed } from './leaf.js';
import { mismatch } from './mismatch.js';
import { nextOfProgression } from './progression.js';
import { versionSchema } from './version.js';

/** Fires each hour, at a minute of UTC. */
export interface HourlyTrigger {
  readonly v?: 1;
  readonly type: 'hourly';
  readonly minute: number;
}

const schema = strictForm({ type: z.literal('hourly'), minute: z.int('is outside 0–59').min(0).max(59), v: versionSchema });

/** A trigger that fires each hour. */
export function hourly(minute: number): HourlyTrigger {
  return checkForm(schema, { type: 'hourly', minute });
}

export const hourlyKind: TriggerKind<HourlyTrigger> = {
  schema,
  basis: 'progression',
  usesAnchor: () => false,
  usesId: () => false,
  canonical: ({ type, minute }) => ({ type, minute }),
  compile: ({ minute }) => {
    const progression = { anchor: minute * 60_000, step: 3_600_000, first: minute * 60_000 };
    return { progression, ...windowed({}, nextOfProgression(progression)) };
  },
  parts: ({ minute }) => [\`at :\${minute}\`],
  words: ({ minute }) => \`Every hour, at minute \${minute}\`,
  mismatch: ({ minute }, _, instant) => mismatch('minute', 'the minute', String(new Date(instant).getUTCMinutes()), String(minute)),
};
`;

/** A kind of trigger, as a contributor would add it by the recipe. */
export const TRIGGER_KIND: readonly Patch[] = [
  { file: 'packages/core/src/trigger/hourly.ts', find: null, replace: KIND },
  {
    file: 'packages/core/src/trigger/trigger.ts',
    find: 'import { type IntervalTrigger,',
    replace: "import { type HourlyTrigger, hourlyKind } from './hourly.js';\nimport { type IntervalTrigger,",
  },
  {
    file: 'packages/core/src/trigger/trigger.ts',
    find: 'export type Trigger = DateTrigger |',
    replace: 'export type Trigger = HourlyTrigger | DateTrigger |',
  },
  {
    file: 'packages/core/src/trigger/trigger.ts',
    find: '  calendarInterval: calendarIntervalKind,\n',
    replace: '  calendarInterval: calendarIntervalKind,\n  hourly: hourlyKind,\n',
  },
  {
    file: 'packages/core/src/trigger/index.ts',
    find: "export { type DateTrigger, date } from './date.js';",
    replace:
      "export { type DateTrigger, date } from './date.js';\nexport { type HourlyTrigger, hourly } from './hourly.js';",
  },
  {
    file: 'packages/core/src/index.ts',
    find: '  describeTrigger,\n',
    replace: '  describeTrigger,\n  type HourlyTrigger,\n  hourly,\n',
  },
];

/** A program that prints the effects of the new kind of trigger. */
export const USE_OF_KIND = `
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
