import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { setImmediate, setTimeout } from 'node:timers';

/** How often to look whether work goes on, if nothing reports it, ms. */
const LOOK_MS = 5;
/** How long each work waits for an answer over a socket that was already open, ms. */
const ANSWER_MS = 1_000;

/** The members of a timer of Node.js that are read here. */
interface Timer {
  readonly _idleTimeout?: number;
  readonly _repeat?: number | null;
  readonly _destroyed?: boolean;
  hasRef?(): boolean;
}

/** A handle with which Node.js compresses data or starts a process. A symbol names the stream or child process that owns it. */
interface Handle {
  readonly [owner: symbol]: Stream | ChildProcess;
}

interface Stream {
  readonly destroyed: boolean;
}

/** A call that does real I/O, or may do it. */
interface Work {
  /**
   * The operations that it has begun and that are not done, by async id. For timers, streams and processes, it has the object that shows how they
   * end.
   */
  readonly pending: Map<number, Timer | Handle | null>;
  /** Whether the clock waits for it whatever it does. */
  readonly isReal: boolean;
  /** Real time that the clock has waited for it, ms. `guessedMs` is the part of it in which no pending operation was seen. */
  waitedMs: number;
  guessedMs: number;
}

/** The work whose code is running. */
const scope = new AsyncLocalStorage<Work>();
const tracked = new Set<Work>();
const owners = new Map<number, Work>();

/**
 * The members of a child process of Node.js that are read here: how many ends (of the process and of its streams) it needs, and how many it has
 * reported.
 */
interface Ends {
  readonly _closesGot?: number;
  readonly _closesNeeded?: number;
}

/** The operations of the operating system that code may wait for. Sockets are not among them: they are also open while no code waits. */
const OPERATIONS =
  /^(FSREQ\w+|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|\w+CONNECTWRAP|WRITEWRAP|SHUTDOWNWRAP|UDPSENDWRAP|FILEHANDLECLOSEREQ|(?!HTTP)\w+REQUEST|PROCESSWRAP|WORKER|ZLIB|Immediate|Timeout)$/;

/** The types of operations that may go on after they called back. */
const LASTING: ReadonlySet<string> = new Set(['Timeout', 'ZLIB', 'PROCESSWRAP']);

// There is no `destroy` hook: it would have to watch each promise until it is collected.
const hook = createHook({
  init(id, type, _, resource) {
    // Most resources are promises by far.
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
  // Without this, each promise of the process would go on to carry the scope.
  scope.disable();
}

/** The real work that one clock waits for. It sees what a call asks the operating system for, and which of that still goes on. */
export class RealWork {
  readonly #patienceMs: number;
  readonly #works = new Set<Work>();

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get isBusy(): boolean {
    return [...this.#works].some((work) => this.#isBusy(work));
  }

  /** Makes a call that may do real I/O. */
  track<T>(call: () => Promise<T>): Promise<T> {
    const work = this.#begin(false);
    return scope.run(work, call).finally(() => this.#end(work));
  }

  /** Waits for a promise, all of which counts as real I/O. */
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

  /** Whether a pending operation of the work can be seen. */
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

/** Whether it may call back more than once: an interval, a stream, or a process, whose output may end after it. */
function comesAgain(pending: Timer | Handle | null | undefined): boolean {
  return !!pending && (typeof (pending as Timer)._repeat === 'number' || ownerOf(pending) !== undefined);
}

function ownerOf(handle: Timer | Handle): Stream | ChildProcess | undefined {
  const owner = Object.getOwnPropertySymbols(handle).find(({ description }) => description === 'owner_symbol');
  return owner && (handle as Handle)[owner];
}

/**
 * Whether a process and its output have ended, and their listeners were called. `closed` of a stream is not used: it is set a turn of the event
 * loop before that.
 */
function isClosed(child: ChildProcess): boolean {
  const { _closesGot: got = 0, _closesNeeded: needed = 1 } = child as Ends;
  return got >= needed;
}

/** Makes a call that does not count as work. */
function outside<T>(call: () => T): T {
  return scope.exit(call);
}

function hasOpenSocket(): boolean {
  return process.getActiveResourcesInfo().includes('TCPSocketWrap');
}
