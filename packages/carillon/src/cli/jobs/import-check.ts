import { CarillonError, Scheduler } from '@carillon/core';
import { counted } from '@carillon/core/internal';
import type { MemoryCluster } from '@carillon/core/memory';
import { UsageError } from '../exit-codes.js';
import type { JobLine, LineFault } from './line.js';

/** Adds the jobs to a job store in memory, which refuses what a real one would. Returns what is wrong with which lines. */
export async function checkLines(
  lines: readonly JobLine[],
  jobStore: string,
  replace: boolean,
): Promise<readonly LineFault[]> {
  // No other command for jobs needs it.
  const { MemoryCluster } = await import('@carillon/core/memory');
  const cluster = new MemoryCluster();
  const faults: LineFault[] = [];
  for (const [timezone, ofZone] of byZone(lines)) {
    faults.push(...(await faultsOf(ofZone, { cluster, jobStore, timezone, replace })));
  }
  return faults;
}

interface CheckedInto {
  readonly cluster: MemoryCluster;
  readonly jobStore: string;
  readonly timezone: string | undefined;
  readonly replace: boolean;
}

async function faultsOf(lines: readonly JobLine[], { cluster, jobStore, timezone, replace }: CheckedInto) {
  let scheduler: Scheduler;
  try {
    scheduler = new Scheduler({ backend: cluster.connect(), jobStores: [jobStore], timezone });
  } catch (error) {
    // The zone is wrong, for all of them.
    return lines.map((line) => faultOf(line, error));
  }
  const specs = lines.map(({ spec }) => ({ ...spec, jobStore, ...(replace && { replaceExisting: true }) }));
  const areRight = await scheduler.addJobs(specs).then(
    () => true,
    () => false,
  );
  const faults: LineFault[] = [];
  for (const [index, line] of areRight ? [] : lines.entries()) {
    const spec = specs[index];
    // Some may be there, from adding all of them.
    if (spec)
      await scheduler.addJob({ ...spec, replaceExisting: true }).catch((error) => faults.push(faultOf(line, error)));
  }
  await scheduler.shutdown();
  return faults;
}

function faultOf({ number }: JobLine, error: unknown): LineFault {
  if (error instanceof CarillonError) return { number, why: error.message };
  throw error;
}

/** @throws UsageError with a line for each of them, if there are any. */
export function refuse(faults: readonly LineFault[], of: number): void {
  if (faults.length === 0) return;
  const lines = [...faults].sort((a, b) => a.number - b.number).map(({ number, why }) => `line ${number}: ${why}`);
  const sum = `${faults.length} of ${counted(of, 'job')} are wrong: nothing was added`;
  throw new UsageError([...lines, ...(faults.length > 1 ? [sum] : [])].join('\n'));
}

/** A scheduler has one zone for all triggers without their own. */
export function byZone(lines: readonly JobLine[]): Map<string | undefined, JobLine[]> {
  const groups = new Map<string | undefined, JobLine[]>();
  for (const line of lines) {
    const group = groups.get(line.timezone) ?? [];
    groups.set(line.timezone, group);
    group.push(line);
  }
  return groups;
}
