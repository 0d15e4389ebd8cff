import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Scene } from './scene.js';

/** One fault, from before it struck until it was lifted. */
export interface Round {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** What it hit; null if it failed. */
  readonly hit: string | null;
  /** Why it proves nothing, or what did not recover; null if it did not fail. */
  readonly failure: string | null;
}

const RECOVERY_MS = 60_000;
const MOST_CALM_MS = 500;

/**
 * Strikes fault after fault, each kind at least once, for at least `durationMs`.
 * @param hasty whether the next fault strikes as soon as jobs fire again. Otherwise the runs that are owed must be settled first, too.
 */
export async function rounds(
  scene: Scene,
  faults: readonly Fault[],
  { durationMs, hasty }: { readonly durationMs: number; readonly hasty: boolean },
  tell: (round: Round) => void,
): Promise<Round[]> {
  const end = Date.now() + durationMs;
  const done: Round[] = [];
  while (done.length < faults.length || Date.now() < end) {
    for (const fault of scene.random.shuffled(faults)) {
      if (done.length >= faults.length && Date.now() >= end) break;
      const round = await strike(scene, fault);
      done.push(round);
      tell(round);
      await recovered(scene);
      if (!hasty) await settled(scene);
      await delay(scene.random.between(0, MOST_CALM_MS));
    }
  }
  return done;
}

async function strike(scene: Scene, fault: Fault): Promise<Round> {
  const from = Date.now();
  let hit: string | null = null;
  let failure: string | null = null;
  try {
    hit = await fault.strike(scene);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { kind: fault.kind, from, to: Date.now(), hit, failure };
}

/** Resolves once the cluster is complete and has executed a later fire time. @throws Error if that takes too long. */
export async function recovered({ cluster, collector }: Scene): Promise<void> {
  await cluster.complete();
  await cluster.leader();
  const now = Date.now();
  const from = collector.events.length;
  await collector.first(
    from,
    (event) => event.type === 'job_executed' && event.jobId !== null && event.scheduledRunTime >= now,
    RECOVERY_MS,
    'job that fired and was executed after the fault was over',
  );
}

/**
 * Resolves once every run that is owed now is settled. How fast that goes depends on the machine.
 * @throws Error if none of them is settled for a minute.
 */
async function settled(scene: Scene): Promise<void> {
  let owed = await scene.ledger();
  let latest = performance.now();
  while (owed.length > 0) {
    if (performance.now() > latest + RECOVERY_MS) {
      const lives = await scene.livesOf(owed.slice(0, 3));
      throw new Error(`after the fault, ${owed.length} runs are not settled: ${lives.join('; ')}`);
    }
    await delay(50);
    const now = new Set(await scene.ledger());
    const left = owed.filter((runId) => now.has(runId));
    if (left.length < owed.length) latest = performance.now();
    owed = left;
  }
}
