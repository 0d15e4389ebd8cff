import type { Job } from '../../api/types';
import { jsonIn, jsonText } from './json-field';

/** What is edited, as it is typed. */
export interface EditForm {
  readonly name: string;
  readonly description: string;
  readonly tags: string;
  readonly trigger: string;
  readonly args: string;
  readonly kwargs: string;
  readonly policy: string;
}

const POLICY = [
  'executor',
  'priority',
  'maxInstances',
  'overlap',
  'misfireGraceTime',
  'coalesce',
  'timeout',
  'retry',
  'history',
  'maxRuns',
  'metrics',
] as const;

export function formOf(job: Job): EditForm {
  const { name, description, tags, trigger, args, kwargs } = job;
  return {
    name,
    description: description ?? '',
    tags: tags.join(', '),
    trigger: jsonText(trigger),
    args: jsonText(args),
    kwargs: jsonText(kwargs),
    policy: jsonText(Object.fromEntries(POLICY.map((member) => [member, job[member]]))),
  };
}

/**
 * What differs, as the API takes it: what was not touched is left out, so that it stays as it is. Arguments come with their task.
 * @throws Error that says what to do
 */
export function changesIn(before: EditForm, now: EditForm, job: Job): object {
  const isChanged = (member: keyof EditForm) => before[member] !== now[member];
  const isCallChanged = isChanged('args') || isChanged('kwargs');
  const kwargs = jsonIn('Named arguments', now.kwargs);
  return {
    ...(isChanged('name') && { name: now.name }),
    ...(isChanged('description') && { description: now.description.trim() || null }),
    ...(isChanged('tags') && { tags: listIn(now.tags) }),
    ...(isChanged('trigger') && { trigger: jsonIn('Trigger', now.trigger) }),
    ...(isCallChanged && {
      task: job.task,
      args: jsonIn('Arguments', now.args) ?? [],
      ...(kwargs !== undefined && { kwargs }),
    }),
    ...(isChanged('policy') && changedPolicy(before.policy, now.policy)),
  };
}

function listIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function changedPolicy(before: string, now: string): object {
  const [old, made] = [before, now].map((text) => (jsonIn('Policy', text) ?? {}) as Readonly<Record<string, unknown>>);
  const differs = ([member, value]: readonly [string, unknown]) =>
    JSON.stringify(old?.[member]) !== JSON.stringify(value);
  return Object.fromEntries(Object.entries(made ?? {}).filter(differs));
}
