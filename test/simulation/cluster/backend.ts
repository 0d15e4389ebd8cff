import type { CompiledTrigger } from '@carillon/core';
import type {
  Channel,
  ConsumerOptions,
  CoordinatorBackend,
  JobStore,
  PackRules,
  StoredJob,
  WorkerBackend,
} from '@carillon/core/internal';
import type { MemoryBackend } from '@carillon/core/memory';
import type { Process } from './process.js';
import type { StoreMethod } from './store.js';
import type { Surroundings, Wire } from './wire.js';

/** The backend of a process: the adapters in memory, behind a wire that notes the arguments of their ports. */
export class WiredBackend implements CoordinatorBackend, WorkerBackend {
  readonly #memory: MemoryBackend;
  readonly #process: Process;
  readonly #wire: Wire;
  readonly #world: Surroundings;

  constructor(memory: MemoryBackend, process: Process, wire: Wire, world: Surroundings) {
    this.#memory = memory;
    this.#process = process;
    this.#wire = wire;
    this.#world = world;
  }

  get clock() {
    return this.#memory.clock;
  }

  get chance() {
    return this.#memory.chance;
  }

  get outage() {
    return this.#memory.outage;
  }

  get busOutage() {
    return this.#memory.busOutage;
  }

  connect() {
    return this.#memory.connect();
  }

  jobStore(alias: string): JobStore {
    const { records, terms, ledger, contenders, alerts } = this.#memory.jobStore(alias);
    return {
      alias,
      records: this.#noted('records', records),
      terms: this.#noted('terms', terms),
      ledger: this.#noted('ledger', ledger),
      contenders: this.#noted('contenders', contenders),
      // No member of the simulated cluster watches for alerts.
      alerts,
    };
  }

  /** Messages of the store may get lost or arrive late, like those of any channel that keeps nothing. */
  eventBus(alias: string) {
    const bus = this.#memory.eventBus(alias);
    const subscribe = (channel: Channel, callback: (message: string) => void) =>
      bus.subscribe(channel, (message) => this.#tell(() => callback(message)));
    return { subscribe };
  }

  election(alias: string, leaseMs: number) {
    return this.#memory.election(alias, leaseMs);
  }

  /** Adds one delivery at a time: the wire notes each. */
  deliveryQueue(alias: string) {
    const queue = this.#memory.deliveryQueue(alias);
    return {
      add: async (deliveries: Parameters<typeof queue.add>[0]) => {
        const outcomes = [];
        for (const delivery of deliveries) {
          this.#wire.note(delivery);
          outcomes.push(...(await queue.add([delivery])));
        }
        return outcomes;
      },
      waiting: (executor: string) => queue.waiting(executor),
      close: () => queue.close(),
    };
  }

  /** Returns the job's trigger, which may fail at random when a leader uses it. */
  triggerOf = ({ id, rev }: StoredJob, compiled: CompiledTrigger) => {
    const { faults } = this.#world;
    const nextMs = (after: number): number | null => {
      if (!faults.ofPlan(id, rev)) return compiled.nextMs(after);
      faults.count('plan failed');
      throw new RangeError('this trigger fails at random');
    };
    return { ...compiled, nextMs };
  };

  /** Packs runs regardless of how much there is to do and how long their tasks take. */
  get packRules(): PackRules {
    return {
      workMs: Number.MAX_VALUE,
      unknownMs: 0,
      most: this.#world.mostPacked,
      perWorker: 0.01,
      quickMs: 1,
      few: 1,
    };
  }

  consumer(alias: string, options: ConsumerOptions) {
    return this.#memory.consumer(alias, options);
  }

  close() {
    return this.#memory.close();
  }

  #tell(callback: () => void): void {
    const { faults, dice, clock } = this.#world;
    const fault = faults.ofMessage();
    if (fault) faults.count(fault);
    if (fault === 'message lost') return;
    if (fault === 'message late') clock.after(dice.between(1, 2_000), () => this.#process.go(callback));
    else this.#process.go(callback);
  }

  /** Wraps a port: each call notes its argument on the wire. */
  #noted<Port extends object>(role: StoreMethod['role'], port: Port): Port {
    const wire = this.#wire;
    const { isNear } = this.#world;
    return new Proxy(port, {
      get(target, name) {
        if (name === 'isNear') return isNear;
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          wire.note(args[0], { role, name: String(name) });
          return Reflect.apply(method, target, args);
        };
      },
    });
  }
}
