import { defaultLogger, FORMATS, type Formats } from '@carillon/core/internal';
import { type MemoryBackend, MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Auditor } from '../audit/auditor.js';
import type { Reported } from '../audit/effect.js';
import type { Dice } from '../dice.js';
import type { Sketches } from '../operations/sketches.js';
import { Transcript } from '../transcript.js';
import { WiredBackend } from './backend.js';
import { Faults, FRAGILE_ID, FREQUENT, type Strike } from './faults.js';
import { Process, type Role } from './process.js';
import { JOB_STORE, type OpenStore, type SimulatedStore, StoreFault } from './store.js';
import { TaskJournal } from './tasks.js';
import { type Call, type Result, type Surroundings, Wire } from './wire.js';
import { inWords } from './words.js';

/** A process and its access to the cluster. */
export interface Member {
  readonly process: Process;
  readonly backend: WiredBackend;
  /** Shuts it down in good order. */
  shutDown: () => Promise<void>;
}

/** Starts the coordinator, worker or producer of a process. */
export type Launch = (member: Member, world: World) => void;

interface WorldParts {
  readonly dice: Dice;
  readonly seed: number;
  readonly sketches: Sketches;
  readonly launch: Launch;
  readonly openStore: OpenStore;
}

/** A simulated cluster: its clock, its store, its processes and their faults. */
export class World implements Surroundings {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly transcript: Transcript;
  readonly auditor: Auditor;
  readonly journal: TaskJournal;
  readonly logger = silent;
  readonly latencyMs: number;
  readonly farMs: number;
  readonly mostPacked: number;
  readonly sketches: Sketches;
  unreachableUntil = 0;
  /** Calls that have not arrived yet. */
  underway = 0;
  /** How many operations producers have asked for. */
  askings = 0;
  readonly members = new Map<string, Member>();
  /** The tasks of a worker that starts once faults are over; null if the dice pick them. */
  relief: readonly string[] | null = null;
  readonly #cluster: MemoryCluster;
  readonly #store: SimulatedStore;
  readonly #launch: Launch;
  readonly #seed: number;
  readonly #leases: Readonly<Record<Role, number>>;
  readonly #processes = new Map<string, Process>();
  #events: Reported[] = [];
  /** Counts the calls that took effect at one instant. */
  #atOnce = { instant: 0, calls: 0 };

  constructor({ dice, seed, sketches, launch, openStore }: WorldParts) {
    this.dice = dice;
    this.sketches = sketches;
    this.#launch = launch;
    this.clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
    this.transcript = new Transcript(this.clock);
    this.faults = new Faults(dice);
    this.journal = new TaskJournal(this.transcript, this.clock, this.faults);
    this.latencyMs = dice.pick([0, 3, 20]);
    this.farMs = dice.pick([0, 0, 1_500]);
    this.mostPacked = dice.pick([1, 3, 50]);
    this.#leases = {
      coordinator: dice.pick([300, 1_000, 3_000]),
      worker: dice.pick([300, 600, 1_500]),
      producer: 1_000,
    };
    const onPublish = (_: string, channel: string, message: string) => {
      if (channel.startsWith('events:')) this.#events.push(JSON.parse(message));
    };
    this.#cluster = new MemoryCluster({ clock: this.clock, seed: String(seed), onPublish });
    this.#seed = seed;
    this.#store = openStore(
      this.#cluster,
      () => this.now,
      (process) => this.#formatsOf(process),
    );
    this.auditor = new Auditor({
      calls: this.journal.calls,
      contents: () => this.#store.contents(),
      isQueued: (executor, deliveryId) => this.#cluster.isQueued(JOB_STORE, executor, deliveryId),
      isFragile: (jobId) => jobId === FRAGILE_ID,
      lacks: (name, task) => this.journal.lacks(name, task),
      patienceMs: sketches.patienceMs,
      wasStruck: (name, since) => (this.#processes.get(name)?.struckUntil ?? since) >= since,
    });
  }

  get isNear() {
    return this.#store.isNear;
  }

  get now(): number {
    return Math.floor(this.clock.now());
  }

  get isStopped(): boolean {
    return this.auditor.violations.length > 0;
  }

  /** Whether a producer still waits for an answer. */
  get isAsked(): boolean {
    return [...this.#processes.values()].some(({ asked, isDead }) => asked && !isDead);
  }

  /** Checks, once no job and no run is left, that the store keeps nothing of them. */
  end(log: readonly string[]): void {
    const left = this.#store.left();
    if (left.length > 0) this.auditor.violations.push(`left for ever, for nothing: ${left.join(', ')}`);
    this.auditor.end(log);
  }

  perform<T>(call: Call, effect: () => T): Result<T> {
    this.#countCall();
    this.#events = [];
    const result = attempt(() => this.#store.take(call, effect));
    const failed = 'error' in result;
    if (failed && result.error instanceof StoreFault) this.auditor.violations.push(result.error.message);
    const answer = failed ? undefined : result.answer;
    const { name, process, params, asked, isLate = false } = call;
    const events = this.#events;
    this.transcript.write(inWords(call, result, events), events.length === 0 && DULL.has(name));
    this.auditor.effect({ at: this.now, process, call: name, isLate, params, asked, answer, failed, events });
    return result;
  }

  #countCall(): void {
    const instant = this.clock.now();
    const calls = this.#atOnce.instant === instant ? this.#atOnce.calls + 1 : 1;
    this.#atOnce = { instant, calls };
    if (calls === MOST_AT_ONCE) this.auditor.violations.push(`${calls} calls in no time: this goes on for ever`);
  }

  later(ms: number, callback: () => void): void {
    this.underway += 1;
    this.clock.after(ms, () => {
      this.underway -= 1;
      callback();
    });
  }

  start(role: Role): void {
    const member = this.#connect(role);
    this.members.set(member.process.name, member);
    this.#launch(member, this);
  }

  /** Connects a process for an operator of the cluster: nothing is launched in it. */
  operator(): Member {
    return this.#connect('producer');
  }

  #connect(role: Role): Member {
    const name = `${role[0]}${this.#processes.size + 1}`;
    const process = new Process(name, role, this.#leases[role], this.clock);
    const wire = new Wire(process, this);
    const formats = this.#formatsOf(name);
    const memory: MemoryBackend = this.#cluster.connect({ carry: wire.carry, clock: process.clock, formats });
    process.onDeath(() => memory.kill());
    process.struck(this.unreachableUntil);
    this.#processes.set(name, process);
    const release = formats === FORMATS ? '' : ', it is of the release before';
    this.transcript.write(`${name} starts, its lease is ${process.leaseMs} ms${release}`);
    return { process, backend: new WiredBackend(memory, process, wire, this), shutDown: async () => {} };
  }

  /** In half of the seeds, a third of the coordinators and workers are of the previous release: they do not read the newest format. */
  #formatsOf(process: string): Formats {
    const number = Number(process.slice(1));
    const isBefore = this.#seed % 2 === 1 && !process.startsWith('p') && (this.#seed + number) % 3 === 0;
    return isBefore ? { ...FORMATS, newest: FORMATS.newest - 1 } : FORMATS;
  }

  kill(process: Process): void {
    if (process.isDead) return;
    process.struck(this.clock.now());
    this.transcript.write(`** ${process.name} is killed`);
    process.kill();
    this.replace(process, this.dice.between(1, 3_000));
  }

  stop(process: Process, ms: number): void {
    process.struck(this.clock.now() + ms);
    this.transcript.write(`** ${process.name} is stopped for ${ms} ms`);
    process.sleep();
    this.clock.after(ms, () => this.wake(process));
  }

  wake(process: Process): void {
    if (process.isDead || !process.isAsleep) return;
    this.transcript.write(`${process.name} goes on`);
    process.wake();
  }

  /** Replaces a process by another one of its role, after `ms`. */
  replace(process: Process, ms: number): void {
    this.members.delete(process.name);
    this.clock.after(ms, () => this.start(process.role));
  }

  /** Starts the strikes, which follow each other until faults are over. */
  strikeOn(): void {
    const { kind, afterMs } = this.faults.nextStrike();
    this.clock.after(afterMs, () => {
      if (this.faults.isOver) return;
      this.#strike(kind);
      this.strikeOn();
    });
  }

  /** Ends the faults: stopped processes go on. */
  calm(): void {
    this.faults.isOver = true;
    this.transcript.write('-- faults are over');
    for (const { process } of this.members.values()) this.wake(process);
    // Tasks that ignore their signals may hold all slots of the workers that have a task. So a worker with free slots starts with all of them.
    this.relief = [...new Set([...this.members.keys()].flatMap((name) => this.journal.tasksIn(name)))].sort();
    this.start('worker');
  }

  #strike(kind: Strike): void {
    const { dice, transcript } = this;
    const member = dice.pick([...this.members.values()]);
    if (!member) return;
    const { process } = member;
    const ms = dice.between(Math.floor(process.leaseMs / 3), process.leaseMs * 3);
    this.faults.count(kind);
    transcript.write(`** ${kind}: ${kind === 'store unreachable' ? `for ${ms} ms` : process.name}`);
    switch (kind) {
      case 'killed':
        this.kill(process);
        return;
      case 'stopped':
        this.stop(process, ms);
        return;
      case 'clock jumped': {
        const jump = dice.pick([-1, 1]) * dice.between(1, dice.pick([100, 1_000, 5_000]));
        process.struck(this.clock.now() + Math.abs(jump));
        process.jump(jump);
        return;
      }
      case 'cut off':
        process.struck(this.clock.now() + ms);
        process.cutOffUntil = this.clock.now() + ms;
        return;
      case 'shut down':
        process.struck(this.clock.now() + 60_000);
        this.replace(process, dice.between(1, 3_000));
        void member.shutDown().catch(() => {});
        return;
      case 'store unreachable':
        this.unreachableUntil = this.clock.now() + ms;
        for (const one of this.members.values()) one.process.struck(this.clock.now() + ms);
    }
  }
}

const MOST_AT_ONCE = 2_000;

/** Calls that happen all the time. */
const DULL = new Set([...FREQUENT, 'subscribe']);

const silent = defaultLogger();
silent.level = 'silent';

function attempt<T>(effect: () => T): Result<T> {
  try {
    return { answer: effect() };
  } catch (error) {
    return { error };
  }
}
