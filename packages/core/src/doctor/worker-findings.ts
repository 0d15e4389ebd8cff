import { ofNumber } from '../counted.js';
import type { InspectedRun, InspectedWorker } from '../scheduler/inspection.js';
import type { Need, StoreFacts } from './facts.js';
import { type Finding, type FindingCode, named } from './finding.js';
import { servesLess, takesRuns } from './serves-less.js';

/** The most runs that are named, for a command to cancel them. */
const MOST_CANCELLED = 10;
/** Workers show that they live several times a lease. */
const SILENT_LEASES = 2;
const DEFAULT_LEASE_MS = 5_000;

/** Problems of the workers of a job store, compared with what its jobs and runs need. */
export function workerFindings({ inspection, needs }: StoreFacts): Finding[] {
  const { jobStore, now, workers, counts } = inspection;
  const findings: Finding[] = [];
  const note = (level: Finding['level'], code: FindingCode, finding: string, whatToDo: string) =>
    findings.push({ level, code, jobStore, finding, whatToDo });

  const silent = workers.filter((worker) => !isAlive(worker, now));
  if (silent.length > 0) {
    const ids = named(silent.map(({ workerId }) => workerId));
    note(
      'warning',
      'worker_silent',
      `no sign of life from ${ofNumber(silent.length, 'worker')} ${ids}`,
      `The leader gives ${ofNumber(silent.length, 'it', 'them')} up soon.`,
    );
  }
  const alive = workers.filter((worker) => !silent.includes(worker));
  if (alive.length === 0) {
    const todo = 'Start one: `carillon worker --tasks ./tasks.js`.';
    note(counts.jobs + counts.runs > 0 ? 'error' : 'warning', 'no_workers', 'it has no workers: nothing runs', todo);
    return findings;
  }
  for (const [executor, users] of unserved(needs, alive)) {
    const queued = inspection.runs.filter((run) => run.executor === executor && run.state !== 'running');
    const assigned = alive.filter(({ executors }) => executors.some(({ alias }) => alias === executor));
    const start =
      assigned.length > 0
        ? `Some workers should serve it, and do not: see \`worker_serves_less\`. Or start another worker with \`--executor ${executor}\`.`
        : `Start a worker with \`--executor ${executor}\`, or give these jobs an executor that is served.`;
    const todo = queued.length === 0 ? start : `${start} ${stuck(queued)}`;
    note('error', 'executor_unserved', `executor "${executor}" has no worker; used by ${named(users)}`, todo);
  }
  findings.push(...servesLess(jobStore, now, alive));
  for (const need of needs) {
    const serving = alive.filter((worker) => takesRuns(worker, need.executor));
    const having = serving.filter(({ tasks }) => tasks.includes(need.task));
    if (serving.length === 0 || having.length === serving.length) continue;
    const task = `task "${need.task}", used by ${named(need.by)}`;
    if (having.length === 0) {
      const todo =
        'Deploy the task to the workers of that executor, or remove the jobs that use it: its runs wait for `unknownTaskTimeout` (default: 30 s), and then end as errors.';
      note('error', 'task_nowhere', `no worker that serves executor "${need.executor}" has ${task}`, todo);
    } else {
      const lacking = serving.filter((worker) => !having.includes(worker)).map(({ workerId }) => workerId);
      const finding = `${lacking.length} of the ${serving.length} workers that serve executor "${need.executor}" ${ofNumber(lacking.length, 'lacks', 'lack')} ${task}: ${named(lacking)}`;
      const todo = `Deploy the task to ${ofNumber(lacking.length, 'this worker: it gives', 'these workers: they give')} its runs back, and the others run them.`;
      note('warning', 'task_not_everywhere', finding, todo);
    }
  }
  return findings;
}

/** A run keeps the executor that its job had as it was submitted, and counts for the job's `maxInstances`. */
function stuck(runs: readonly InspectedRun[]): string {
  const jobs = [...new Set(runs.flatMap(({ jobId }) => jobId ?? []))];
  const holdingUp =
    jobs.length > 0
      ? ` They hold up ${ofNumber(jobs.length, 'job')} ${named(jobs)}, also once ${ofNumber(jobs.length, 'it has', 'these have')} another executor.`
      : '';
  const shown = runs.slice(0, MOST_CANCELLED).map(({ runId }) => runId);
  const left = runs.length - shown.length;
  const more =
    left > 0 ? `, and ${ofNumber(left, 'the other one that was seen', `the ${left} others that were seen`)}` : '';
  return `Runs that are queued there stay there.${holdingUp} Cancel them: \`carillon runs cancel ${shown.join(' ')}\`${more}.`;
}

/** Whether a worker shows signs of life. */
export function isAlive({ lastSeen, leaseMs }: InspectedWorker, now: Date): boolean {
  return now.getTime() - lastSeen.getTime() <= SILENT_LEASES * (leaseMs ?? DEFAULT_LEASE_MS);
}

/** Executors without a worker, with the jobs and runs that need them. */
function unserved(needs: readonly Need[], workers: readonly InspectedWorker[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { executor, by } of needs) {
    if (workers.some((worker) => takesRuns(worker, executor))) continue;
    found.set(executor, [...(found.get(executor) ?? []), ...by]);
  }
  return found;
}
