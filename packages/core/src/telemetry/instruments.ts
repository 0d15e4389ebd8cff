import { InvalidOptionsError } from '../errors.js';
import type { Report } from '../log.js';
import type {
  BegunExecution,
  ExecutionSpan,
  ObservedExecution,
  ObservedFire,
  ProducedCall,
  ProducerSpan,
  Telemetry,
  WatchedPart,
} from './telemetry.js';
import type { TraceContext } from './trace.js';

/** What observes a part: all that was given to it. */
export class Instruments {
  readonly #all: readonly Telemetry[];
  /** Those that are asked for each execution: most observe only how it ended. */
  readonly #executing: readonly Telemetry[];
  readonly #executed: readonly Telemetry[];
  readonly #report: Report;

  constructor(all: readonly Telemetry[], report: Report) {
    this.#all = all;
    this.#executing = all.filter((one) => one.executing !== undefined);
    this.#executed = all.filter((one) => one.executed !== undefined);
    this.#report = report;
  }

  watch(part: WatchedPart): () => void {
    const ends = this.#all.map((one) => this.#attempt(() => one.watch?.(part)));
    return () => {
      for (const end of ends) this.#attempt(() => end?.());
    };
  }

  executed(execution: ObservedExecution): void {
    for (const one of this.#executed) this.#attempt(() => one.executed?.(execution));
  }

  /** Whether anything observes fires: else nobody looks for what they are. */
  get observesFires(): boolean {
    return this.#all.some((one) => one.fired !== undefined);
  }

  fired(fire: ObservedFire): void {
    for (const one of this.#all) this.#attempt(() => one.fired?.(fire));
  }

  /** What tasks' own schedulers are observed by: they are no part of the process. */
  get producers(): readonly Telemetry[] | undefined {
    const all = this.#all.flatMap((one) => (one.producing ? { producing: one.producing.bind(one) } : []));
    return all.length > 0 ? all : undefined;
  }

  /** Works within the spans of a call. */
  async produce<T>(call: ProducedCall, work: (trace?: TraceContext) => Promise<T>): Promise<T> {
    const spans = this.#all.flatMap((one) => this.#attempt(() => one.producing?.(call)) ?? []);
    const end = (ended: Parameters<ProducerSpan['end']>[0]) => {
      for (const span of spans) this.#attempt(() => span.end(ended));
    };
    const trace = spans.find((span) => span.trace)?.trace;
    try {
      const value = await nested(spans, () => work(trace));
      end({ runId: runIdOf(value) });
      return value;
    } catch (error) {
      end({ error });
      throw error;
    }
  }

  /** Whether anything makes spans of executions. */
  get tracesExecutions(): boolean {
    return this.#executing.length > 0;
  }

  /** One for all; undefined: there is none. */
  executing(execution: BegunExecution): ExecutionSpan | undefined {
    const spans = this.#executing.flatMap((one) => this.#attempt(() => one.executing?.(execution)) ?? []);
    if (spans.length === 0) return undefined;
    return {
      logged: Object.assign({}, ...spans.map(({ logged }) => logged)),
      // Most tasks never ask for it.
      get trace() {
        return spans.find(({ trace }) => trace)?.trace;
      },
      within: (call) => nested(spans, call),
      end: (ended) => {
        for (const span of spans) this.#attempt(() => span.end(ended));
      },
    };
  }

  #attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      this.#report({ kind: 'telemetry_failed', error });
      return undefined;
    }
  }
}

/** undefined: nothing observes. @throws InvalidOptionsError */
export function instrumentsOf(
  given: Telemetry | readonly Telemetry[] | undefined,
  report: Report,
): Instruments | undefined {
  if (given === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (all.some((one) => typeof one !== 'object' || one === null)) {
    throw new InvalidOptionsError('telemetry: give what `metrics` of carillon/metrics makes, or an array of such');
  }
  return all.length === 0 ? undefined : new Instruments(all as readonly Telemetry[], report);
}

/** Calls within all of these spans. */
function nested<T>(spans: readonly { within<R>(call: () => R): R }[], call: () => T): T {
  const [span, ...inner] = spans;
  return span ? span.within(() => nested(inner, call)) : call();
}

function runIdOf(value: unknown): string | undefined {
  const isHandle = typeof value === 'object' && value !== null && 'runId' in value && typeof value.runId === 'string';
  return isHandle ? (value.runId as string) : undefined;
}
