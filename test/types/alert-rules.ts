import type { AlertRule } from 'carillon/alerts';

/** Filters that the rules of each kind take. */
export const rules: readonly AlertRule[] = [
  { name: 'a', when: 'failed', job: 'daily-*', task: ['a', 'b'], executor: 'x', jobStore: 'y' },
  { name: 'b', when: 'no_leader', for: '1m', jobStore: 'y' },
  { name: 'c', when: 'no_workers', for: '1m', executor: 'x', jobStore: 'y' },
  { name: 'd', when: 'audit_gap', job: 'daily-*', jobStore: 'y' },
  // @ts-expect-error no leader: of no job
  { name: 'e', when: 'no_leader', for: '1m', job: 'daily-*' },
  // @ts-expect-error no workers: of no task
  { name: 'f', when: 'no_workers', for: '1m', task: 'a' },
  // @ts-expect-error an audit looks at jobs, whichever their executor
  { name: 'g', when: 'audit_gap', executor: 'x' },
];
