import type { StoreFacts } from './facts.js';
import { type Finding, named } from './finding.js';

/** Which jobs and runs have arguments that will be refused. */
export function argumentFindings({ inspection: { jobStore }, refused }: StoreFacts): Finding[] {
  return refused.map(({ task, executor, by, why }) => ({
    level: 'error',
    code: 'arguments_refused',
    jobStore,
    finding: `no worker that serves executor "${executor}" accepts the arguments with which ${named(by)} ${by.length === 1 ? 'calls' : 'call'} task "${task}": ${why}`,
    whatToDo:
      'Their runs end as errors, `INVALID_ARGUMENTS`. Change the jobs: `carillon jobs modify <id> --args <json>`, or deploy a worker whose schema accepts them.',
  }));
}
