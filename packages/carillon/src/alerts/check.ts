import { type Duration, InvalidOptionsError } from '@carillon/core';
import { durationInUnit, durationMs, timerMs } from '@carillon/core/internal';
import { z } from 'zod';
import type { AlertFunction, AlertsSettings } from './options.js';
import { isSecret } from './secret.js';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const name = z.string().regex(NAME, 'is not a name: use 1 to 64 letters, digits, ".", "_" or "-"');
/** One, or several. */
const listed = <T extends z.ZodType>(one: T, error: string) =>
  z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(one, { error }).min(1, { error }));
const patterns = listed(
  z.string().min(1, 'is empty').max(200, 'is longer than 200 letters'),
  'is neither a pattern such as "daily-*", nor a list of some',
);

const duration = (check = durationMs, least = 1) =>
  z
    .custom<Duration>(() => true)
    .transform((value, context) => {
      try {
        const ms = check(value, 'it');
        if (ms >= least) return ms;
        context.addIssue({ code: 'custom', message: `is shorter than ${durationInUnit(least)}` });
      } catch (error) {
        context.addIssue({ code: 'custom', message: `is not a duration: ${(error as Error).message}` });
      }
      return z.NEVER;
    });

const url = z.string().transform((text, context) => {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    context.addIssue({ code: 'custom', message: 'is not a URL that begins with http:// or https://' });
  } else if (parsed.username !== '' || parsed.password !== '') {
    context.addIssue({ code: 'custom', message: 'has a user or a password in it: give a URL without them' });
  } else return parsed;
  return z.NEVER;
});

const common = {
  name,
  to: listed(name, 'is neither the name of a target, nor a list of some').optional(),
  job: patterns.optional(),
  task: patterns.optional(),
  executor: patterns.optional(),
  jobStore: patterns.optional(),
};
const ofStore = { name, to: common.to, jobStore: common.jobStore };

const rule = z.discriminatedUnion(
  'when',
  [
    z.strictObject({ when: z.literal('failed'), times: z.int().min(1).max(10_000).default(1), ...common }),
    z.strictObject({ when: z.literal('missed'), ...common }),
    z.strictObject({ when: z.literal('late'), by: duration(), ...common }),
    z.strictObject({ when: z.literal('no_success'), for: duration(), ...common }),
    z.strictObject({ when: z.literal('no_leader'), for: duration(), ...ofStore }),
    z.strictObject({ when: z.literal('no_workers'), for: duration(), ...ofStore, executor: common.executor }),
    z.strictObject({
      ...{ when: z.literal('audit_gap'), ...ofStore, job: common.job },
      every: duration(timerMs, 60_000).default(3_600_000),
    }),
  ],
  { error: 'is none of failed, missed, late, no_success, no_leader, no_workers, audit_gap' },
);

const webhook = z.strictObject({
  url,
  secret: z
    .string()
    .refine(isSecret, 'is not a secret: give base64 of 24 to 64 bytes, with or without "whsec_" before it'),
  timeout: duration(timerMs).default(10_000),
});
const target = z.custom<AlertFunction>((value) => typeof value === 'function').or(webhook);

const settings = z.strictObject({
  rules: z.array(rule),
  targets: z.record(name, target).default({}),
  heartbeats: z.array(z.strictObject({ job: patterns, jobStore: common.jobStore, url })).default([]),
  alive: z
    .array(z.strictObject({ url, every: duration(timerMs, 1_000).default(60_000), jobStore: common.jobStore }))
    .default([]),
  link: z
    .string()
    .regex(/^https?:\/\//, 'is not a URL that begins with http:// or https://')
    .optional(),
  allowHosts: z
    .array(z.string().min(1))
    .default([])
    .transform((hosts) => new Set(hosts.map((host) => host.toLowerCase()))),
  maxQueued: z.int().min(2).max(10_000).default(1_000),
  giveUpAfter: duration().default(3 * 86_400_000),
});

/** Settings with every default filled in, and durations in ms. */
export type CheckedSettings = z.output<typeof settings>;
export type CheckedRule = CheckedSettings['rules'][number];
export type RuleOf<When extends CheckedRule['when']> = Extract<CheckedRule, { readonly when: When }>;
export type CheckedWebhook = z.output<typeof webhook>;

/** @throws InvalidOptionsError that names the path of each setting that is wrong */
export function checkSettings(given: AlertsSettings): CheckedSettings {
  const { data, error } = settings.safeParse(given);
  if (!data) throw wrong(error.issues.flatMap(linesOf));
  const lines = [...doubles(data), ...unknownTargets(data)];
  if (lines.length > 0) throw wrong(lines);
  return data;
}

function wrong(lines: readonly string[]): InvalidOptionsError {
  return new InvalidOptionsError(lines.join('\n'));
}

function linesOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: is not a setting`);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${path}: ${message}`);
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [`${path}: ${issue.message}`];
  // Of a webhook or a function: what is wrong with the webhook.
  const last = issue.errors.at(-1) ?? [];
  return last.flatMap((one) => linesOf({ ...one, path: [...issue.path, ...one.path] }));
}

/** `rules[2].for` */
function pathOf(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'alerts';
}

function doubles({ rules }: CheckedSettings): string[] {
  return rules.flatMap(({ name }, index) =>
    rules.findIndex((other) => other.name === name) < index
      ? [`rules[${index}].name: ${JSON.stringify(name)} is the name of a rule before it`]
      : [],
  );
}

function unknownTargets({ rules, targets }: CheckedSettings): string[] {
  return rules.flatMap(({ to = [] }, index) =>
    to
      .filter((one) => !Object.hasOwn(targets, one))
      .map(
        (one) =>
          `rules[${index}].to: ${JSON.stringify(one)} is not a target; there are ${Object.keys(targets).join(', ') || 'none'}`,
      ),
  );
}
