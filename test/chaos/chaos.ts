import type { Account } from './account.js';
import { accountOf, type Evidence } from './account.js';
import { auditFaults } from './audit.js';
import { FAULTS } from './faults/index.js';
import { longestGaps } from './gaps.js';
import type { ChaosOptions } from './options.js';
import { type Round, recovered, rounds } from './rounds.js';
import { openStage, type Stage } from './stage.js';
import { workload } from './workload.js';

export interface ChaosResult {
  readonly rounds: readonly Round[];
  readonly account: Account;
  /** How many fire times the store's own audit found in its account. */
  readonly audited: number;
  /** By kind of fault: the longest time from a fire time to its call, ms. */
  readonly gaps: ReadonlyMap<string, number>;
  readonly enqueued: { readonly acknowledged: number; readonly failed: number };
  /** The source of the events. */
  readonly source: 'channels' | 'log';
  /** How many published events were not seen. */
  readonly unseen: number;
  /** How many acknowledged bytes Redis lost. */
  readonly forgotten: number;
  /** Everything that is wrong: broken promises, faults that hit nothing, members that did not end in good order. */
  readonly violations: readonly string[];
  readonly seed: number;
  /** How long faults were made, ms. */
  readonly lastedMs: number;
}

/** The first fire time is this long after the jobs were added. */
const LEAD_MS = 2_000;

/** Runs a cluster of processes under faults, and accounts for every fire time. Always stops all that it started. */
export async function chaos(
  options: ChaosOptions,
  tell: (line: string) => void,
  interrupted = new Promise<never>(() => {}),
): Promise<ChaosResult> {
  interrupted.catch(() => {});
  const stage = await openStage(options);
  try {
    return await Promise.race([play(stage, options, tell), interrupted]);
  } finally {
    await stage.destroy();
  }
}

async function play(stage: Stage, options: ChaosOptions, tell: (line: string) => void): Promise<ChaosResult> {
  const { scene, scheduler, producer } = stage;
  await stage.start();
  const jobs = workload(options.jobs, options.everyMs, Date.now() + LEAD_MS);
  await scheduler.addJobs(jobs.map(({ spec }) => spec));
  producer.start();
  await recovered(scene);

  const beganAt = Date.now();
  const faults = FAULTS.filter(({ kind }) => options.only.every((part) => kind.includes(part)));
  const done = await rounds(scene, faults, options, (round) => {
    const seconds = `${((round.to - beganAt) / 1_000).toFixed(1)} s`.padStart(8);
    tell(`${seconds}  ${round.kind}: ${round.hit ?? `FAILED: ${round.failure}`}`);
  });
  const lastedMs = Date.now() - beganAt;

  await producer.stop();
  await scheduler.pause();
  const owed = await stage.nothingOwed();
  const kept = await stage.kept();
  const audit = await scheduler.audit();
  const unseen = await scene.collector.finish();
  const endings = await scene.cluster.shutdown();
  const calls = stage.calls();
  const evidence: Evidence = {
    jobs,
    events: scene.collector.events,
    unseen,
    calls,
    kept,
    enqueued: producer.acknowledged,
    afflictions: stage.afflictions(),
    redisForgot: (scene.unsyncedTail?.lost ?? 0) > 0,
  };
  const account = accountOf(evidence);
  const violations = [
    ...done.flatMap(({ kind, failure }) => (failure === null ? [] : [`${kind}: ${failure}`])),
    ...account.violations,
    ...owed,
    ...auditFaults(audit, evidence.redisForgot),
    ...endings,
    ...producer.faults,
  ];
  await stage.keep(evidence, violations);
  return {
    rounds: done,
    account,
    audited: audit.fireTimes,
    gaps: longestGaps(jobs, evidence.events, evidence.calls, done),
    enqueued: { acknowledged: producer.acknowledged.length, failed: producer.failed },
    source: scene.collector.source,
    unseen: [...unseen.values()].reduce((sum, count) => sum + count, 0),
    forgotten: scene.unsyncedTail?.lost ?? 0,
    violations,
    seed: options.seed,
    lastedMs,
  };
}
