import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { setImmediate, setTimeout } from 'node:timers';

/** How often to look whether work goes on, where nothing says so, ms. */
const LOOK_MS = 5;
/** How long to wait for the answer over a socket that was open before, of each work, ms. */
const ANSWER_MS = 1_000;

/** What Node.js knows of a timer. */
interface Timer {
  readonly _idleTimeout?: number;
  readonly _repeat?: number | null;
  readonly _destroyed?: boolean;
  hasRef?(): boolean;
}

/** What Node.js compresses with, or starts a process with; under a symbol of its own, the stream or child process that it belongs to. */
interface Handle {
  readonly [owner: symbol]: Stream | ChildProcess;
}

interface Stream {
  readonly destroyed: boolean;
}

/** What does real I/O, or may do it. */
interface Work {
  /** By async id, what it has begun and is not done; timers, streams and processes, to see how they end. */
  readonly pending: Map<number, Timer | Handle | null>;
  /** Whatever it does, it is waited for. */
  readonly isReal: boolean;
  /** Real time for which it was waited for, ms; with nothing in sight that it could be waiting for. */
  waitedMs: number;
  guessedMs: number;
}

/** Whose code is running. */
const scope = new AsyncLocalStorage<Work>();
const tracked = new Set<Work>();
const owners = new Map<number, Work>();

/** What Node.js knows of a child process: its own end and those of its streams, each once it has said so. */
interface Ends {
  readonly _closesGot?: number;
  readonly _closesNeeded?: number;
}

/** The operations of the operating system that code may wait for. Sockets are not among them: they are also open while no code waits. */
const OPERATIONS =
  /^(FSREQ\w+|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|\w+CONNECTWRAP|WRITEWRAP|SHUTDOWNWRAP|UDPSENDWRAP|FILEHANDLECLOSEREQ|(?!HTTP)\w+REQUEST|PROCESSWRAP|WORKER|ZLIB|Immediate|Timeout)$/;

/** What may go on after it called back. */
const LASTING: ReadonlySet<string> = new Set(['Timeout', 'ZLIB', 'PROCESSWRAP']);

// Without a hook for what is destroyed, which would have to watch each promise until it is collected.
const hook = createHook({
  init(id, type, _, resource) {
    // By far most are promises.
    if (type === 'PROMISE') return;
    const work = scope.getStore();
    if (!work || !tracked.has(work) || !OPERATIONS.test(type)) return;
    owners.set(id, work);
    work.pending.set(id, LASTING.has(type) ? resource : null);
  },
  after(id) {
    if (owners.size === 0) return;
    const work = owners.get(id);
    if (!work || comesAgain(work.pending.get(id))) return;
    owners.delete(id);
    work.pending.delete(id);
  },
});

function begin(isReal: boolean): Work {
  const work = { pending: new Map(), isReal, waitedMs: 0, guessedMs: 0 };
  if (tracked.size === 0) hook.enable();
  tracked.add(work);
  return work;
}

function end(work: Work): void {
  tracked.delete(work);
  for (const id of work.pending.keys()) owners.delete(id);
  if (tracked.size > 0) return;
  hook.disable();
  // Else each promise of the process goes on to carry it.
  scope.disable();
}

/** Real work that one clock waits for. It sees what the operating system was asked for from within a call, and what still goes on of that. */
export class RealWork {
  readonly #patienceMs: number;
  readonly #works = new Set<Work>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get isBusy(): boolean {
    return [...this.#works].some((work) => this.#isBusy(work));
  }

  /** Calls what may do real I/O. */
  track<T>(call: () => Promise<T>): Promise<T> {
    const work = this.#begin(false);
    return scope.run(work, call).finally(() => this.#end(work));
  }

  /** Takes all of it for real I/O. */
  waitFor<T>(promise: Promise<T>): Promise<T> {
    const work = this.#begin(true);
    return promise.finally(() => this.#end(work));
  }

  /** Resolves once nothing is busy, or all patience is used up. */
  async rest(): Promise<void> {
    while (this.isBusy) {
      const began = performance.now();
      const busy = [...this.#works].filter((work) => this.#isBusy(work));
      await outside(() => new Promise((resolve) => setTimeout(resolve, LOOK_MS)));
      await outside(() => new Promise((resolve) => setImmediate(resolve)));
      const ms = performance.now() - began;
      for (const work of busy) {
        work.waitedMs += ms;
        if (!this.#isSeen(work)) work.guessedMs += ms;
      }
    }
  }

  #begin(isReal: boolean): Work {
    const work = begin(isReal);
    this.#works.add(work);
    return work;
  }

  #end(work: Work): void {
    this.#works.delete(work);
    end(work);
  }

  #isBusy(work: Work): boolean {
    if (work.waitedMs >= this.#patienceMs) return false;
    return this.#isSeen(work) || (work.guessedMs < ANSWER_MS && hasOpenSocket());
  }

  /** Something that it waits for can be seen. */
  #isSeen(work: Work): boolean {
    return work.isReal || [...work.pending.values()].some((pending) => !pending || this.#isGoingOn(pending));
  }

  /** A timer counts if it ends soon and keeps the process alive. */
  #isGoingOn(pending: Timer | Handle): boolean {
    const owner = ownerOf(pending);
    if (owner) return 'stdio' in owner ? !isClosed(owner) : !owner.destroyed;
    const { _destroyed: isCleared, _idleTimeout: ms = 0 } = pending as Timer;
    return !isCleared && ms <= this.#patienceMs && (pending as Timer).hasRef?.() !== false;
  }
}

/** Whether it may call back more than once: an interval, a stream, a process, whose output may end after it. */
function comesAgain(pending: Timer | Handle | null | undefined): boolean {
  return !!pending && (typeof (pending as Timer)._repeat === 'number' || ownerOf(pending) !== undefined);
}

function ownerOf(handle: Timer | Handle): Stream | ChildProcess | undefined {
  const owner = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  return owner && (handle as Handle)[owner];
}

/** It has ended, and so has its output, and its waiters know that: a stream is `closed` a turn of the event loop before it says so. */
function isClosed(child: ChildProcess): boolean {
  const { _closesGot: got = 0, _closesNeeded: needed = 1 } = child as Ends;
  return got >= needed;
}

/** What is set up here does not count as work. */
function outside<T>(call: () => T): T {
  return scope.exit(call);
}

function hasOpenSocket(): boolean {
  return process.getActiveResourcesInfo().includes('TCPSocketWrap');
}
