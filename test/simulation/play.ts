import { Scheduler } from '@carillon/core';
import { faultsOfAccounts } from './accounts.js';
import type { Counts } from './audit/auditor.js';
import type { FaultKind } from './cluster/faults.js';
import { asking, launch } from './cluster/launch.js';
import { memoryStoreOf, type OpenStore } from './cluster/store.js';
import { World } from './cluster/world.js';
import { Dice } from './dice.js';
import { readLog } from './log.js';
import type { Intent } from './operations/intent.js';
import { Sketches } from './operations/sketches.js';

/** The result of a seed. */
export interface Played extends Counts {
  readonly seed: number;
  readonly violations: readonly string[];
  /** The same for the same seed. */
  readonly hash: string;
  readonly transcript: readonly string[];
  readonly faults: Partial<Record<FaultKind, number>>;
  /** Calls of tasks. */
  readonly executions: number;
}

/** How many lines of its transcript a failed seed is reported with. */
const LAST_LINES = 120;
/** After the faults, something that is owed gets its outcome at least this often, ms. */
const RECOVERY_MS = 40_000;
const STEP_MS = 250;

interface Telling {
  /** The whole transcript, violations or not. */
  readonly keepTranscript?: boolean;
  /** Also the dull lines, such as heartbeats. */
  readonly allLines?: boolean | undefined;
}

interface Manner extends Telling {
  /** Opens the job store; default: in memory. */
  readonly openStore?: OpenStore | undefined;
  /** Whether all instants of each job are explained, not some of them. */
  readonly everyInstant?: boolean | undefined;
}

/** Plays the life of a cluster from a seed: some seconds of faults, then a quiet time in which all that is owed must be settled. */
export async function play(
  seed: number,
  { openStore = memoryStoreOf(seed), everyInstant = false, ...telling }: Manner = {},
): Promise<Played> {
  const dice = new Dice(seed);
  const sketches = new Sketches(dice);
  const world = new World({ dice, seed, sketches, launch, openStore });
  for (let count = dice.between(2, 3); count > 0; count--) world.start('coordinator');
  for (let count = dice.between(1, 4); count > 0; count--) world.start('worker');
  for (let count = dice.between(1, 3); count > 0; count--) world.start('producer');
  world.strikeOn();
  await pass(world, dice.between(5_000, 20_000));
  await recover(world, everyInstant);
  return playedBy(world, seed, telling);
}

async function recover(world: World, everyInstant: boolean): Promise<void> {
  world.calm();
  await until(world, 'a call is still under way', () => world.underway === 0 && !world.isAsked);
  await command(world, { kind: 'resume store' });
  await until(world, 'a fire that is due has no outcome', () => world.auditor.caughtUp(world.now));
  await pass(world, 1_000);
  await until(world, 'a fire that is due has no outcome', () => world.auditor.caughtUp(world.now));
  await holdAccounts(world, everyInstant);
  await command(world, { kind: 'remove all' });
  for (const runId of world.auditor.hanging) await command(world, { kind: 'cancel', runId });
  await until(world, 'a run is not settled', () => world.auditor.nothingOwed);
  await holdAccounts(world, everyInstant);
  let log: readonly string[] | null = null;
  void readLog(world).then((messages) => {
    log = messages;
  });
  await until(world, 'the log is not read', () => log !== null);
  if (log !== null && !world.isStopped) world.end(log);
}

/** Compares the accounts with what happened. */
async function holdAccounts(world: World, everyInstant: boolean): Promise<void> {
  if (world.isStopped) return;
  let faults: readonly string[] | null = null;
  const note = (found: readonly string[]) => {
    faults = found;
  };
  void faultsOfAccounts(world, everyInstant).then(note, (error) =>
    note([`the accounts cannot be asked: ${error.stack}`]),
  );
  await until(world, 'the accounts are not read', () => faults !== null);
  world.auditor.violations.push(...(faults ?? []));
}

/** Lets time pass, unless something is wrong already. */
async function pass(world: World, ms: number): Promise<void> {
  for (let left = ms; left > 0 && !world.isStopped; left -= STEP_MS) {
    await world.clock.advance(Math.min(left, STEP_MS));
  }
}

/** Lets time pass until `isSo` holds; a violation if no outcome follows for `RECOVERY_MS`. */
async function until(world: World, what: string, isSo: () => boolean): Promise<void> {
  const { auditor } = world;
  let known = auditor.progress;
  for (let waited = 0; !isSo(); waited += STEP_MS) {
    if (world.isStopped) return;
    if (auditor.progress !== known) [known, waited] = [auditor.progress, 0];
    if (waited > RECOVERY_MS) {
      const owed = auditor.owed.join('; ');
      auditor.violations.push(`${what}, ${RECOVERY_MS} ms after the last fault and the last outcome: ${owed}`);
      return;
    }
    await world.clock.advance(STEP_MS);
  }
}

/** Runs an intent of the cluster's operator. */
async function command(world: World, intent: Intent): Promise<void> {
  if (world.isStopped) return;
  let isDone = false;
  const { process, backend } = world.operator();
  const scheduler = new Scheduler({ backend, logger: world.logger });
  void asking({ process }, world, scheduler, intent).then(() => {
    isDone = true;
  });
  await until(world, `${intent.kind} is not done`, () => isDone);
}

function playedBy({ auditor, transcript, faults, journal }: World, seed: number, telling: Telling): Played {
  const lines = telling.keepTranscript ? Number.POSITIVE_INFINITY : auditor.violations.length > 0 ? LAST_LINES : 0;
  return {
    seed,
    violations: auditor.violations,
    hash: transcript.hash,
    transcript: lines > 0 ? transcript.tail(lines, telling.allLines) : [],
    faults: faults.counts,
    ...auditor.counts,
    executions: journal.calls.length,
  };
}
