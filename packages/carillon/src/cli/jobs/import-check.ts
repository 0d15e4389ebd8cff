import { CarillonError, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { UsageError } from '../exit-codes.js';
import type { JobLine } from './line.js';

/** Adds the jobs to a job store in memory, which refuses what a real one would. @throws UsageError naming the line. */
export async function checkLines(lines: readonly JobLine[], jobStore: string, replace: boolean): Promise<void> {
  const cluster = new MemoryCluster();
  for (const [timezone, ofZone] of byZone(lines)) {
    const [first] = ofZone;
    const scheduler = await failAt(first, () => newScheduler(cluster, jobStore, timezone));
    for (const line of ofZone) {
      const spec = replace ? { ...line.spec, replaceExisting: true } : line.spec;
      await failAt(line, () => scheduler.addJob({ ...spec, jobStore }));
    }
    await scheduler.shutdown();
  }
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

function newScheduler(cluster: MemoryCluster, jobStore: string, timezone: string | undefined): Scheduler {
  return new Scheduler({ backend: cluster.connect(), jobStores: [jobStore], timezone });
}

async function failAt<T>(line: JobLine | undefined, attempt: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    throw new UsageError(`line ${line?.number}: ${error.message}`, { cause: error });
  }
}
