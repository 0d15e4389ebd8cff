import { ofNumber } from '../counted.js';
import { lengthText } from '../duration-text.js';
import type { InspectedWorker } from '../scheduler/inspection.js';
import type { UnservedExecutor, UnservedReason } from '../scheduler/unserved.js';
import { type Finding, named } from './finding.js';

/** Of one worker, and of several. */
const DOES_NOT: { readonly [reason in UnservedReason]: readonly [string, string] } = {
  not_taking: ['takes no runs of', 'take no runs of'],
  format_not_read: [
    'does not read the format of the job store, and takes no runs of',
    'do not read the format of the job store, and take no runs of',
  ],
  tasks_loading: ['waits for the module of the tasks of', 'wait for the module of the tasks of'],
  tasks_not_loaded: ['cannot load the module of the tasks of', 'cannot load the module of the tasks of'],
  not_hearing: ['learns late of cancelled runs of', 'learn late of cancelled runs of'],
};

const CONNECTIONS =
  'They continue by themselves once Redis accepts their connections and commands: look at their logs, and at `maxclients` of Redis (`INFO clients`).';

const TO_DO: { readonly [reason in UnservedReason]: string } = {
  not_taking: CONNECTIONS,
  format_not_read: 'Upgrade them: see `format_too_new`.',
  not_hearing: CONNECTIONS,
  tasks_loading:
    'Check what the module waits for while it loads, such as a top-level await: a run that waits for it for 30 s ends as an error, `TASK_FILE`.',
  tasks_not_loaded: 'Fix the module: the next run loads it again.',
};

/** Executors that workers are to serve, and do not: a finding for each executor and reason. */
export function servesLess(jobStore: string, now: Date, workers: readonly InspectedWorker[]): Finding[] {
  const groups = new Map<string, { readonly one: UnservedExecutor; readonly ids: string[]; since: number }>();
  for (const { workerId, unserved } of workers) {
    for (const one of unserved) {
      const key = `${one.reason} ${one.executor}`;
      const group = groups.get(key) ?? { one, ids: [], since: one.since.getTime() };
      groups.set(key, group);
      group.ids.push(workerId);
      group.since = Math.min(group.since, one.since.getTime());
    }
  }
  return [...groups.values()].map(({ one: { executor, reason, why }, ids, since }): Finding => {
    const who = `${ofNumber(ids.length, 'worker')} ${named(ids)} ${ofNumber(ids.length, ...DOES_NOT[reason])} executor "${executor}"`;
    const finding = `${who}, for ${lengthText(now.getTime() - since)}: ${why}`;
    // A module does not mend itself.
    const level = reason.startsWith('tasks_') ? 'error' : 'warning';
    return { level, code: 'worker_serves_less', jobStore, finding, whatToDo: TO_DO[reason] };
  });
}

/** Whether a worker takes runs of an executor, as it is configured to. */
export function takesRuns({ executors, unserved }: InspectedWorker, executor: string): boolean {
  const isDead = unserved.some(
    (one) => one.executor === executor && ['not_taking', 'format_not_read'].includes(one.reason),
  );
  return !isDead && executors.some(({ alias }) => alias === executor);
}
