import { InvalidOptionsError } from '../errors.js';
import type { Report } from '../log.js';
import type {
  BegunExecution,
  EndedExecution,
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
  readonly #fired: readonly Telemetry[];
  readonly #report: Report;

  constructor(all: readonly Telemetry[], report: Report) {
    this.#all = all;
    this.#executing = all.filter((one) => one.executing !== undefined);
    this.#executed = all.filter((one) => one.executed !== undefined);
    this.#fired = all.filter((one) => one.fired !== undefined);
    this.#report = report;
  }

  watch(part: WatchedPart): () => void {
    const ends = this.#all.map((one) => this.#attempt(() => one.watch?.(part)));
    return () => {
      for (const end of ends) this.#attempt(() => end?.());
    };
  }

  /** Whether anything observes how executions end. */
  get observesExecutions(): boolean {
    return this.#executed.length > 0;
  }

  // This and the next are called for each run: none of them makes a function.
  executed(execution: ObservedExecution): void {
    for (const one of this.#executed) {
      try {
        one.executed?.(execution);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  /** Whether anything observes fires: else their data is not collected. */
  get observesFires(): boolean {
    return this.#fired.some((one) => this.#isTracing(one));
  }

  /**
   * Those that observe the next fire; null if none does, and its data is not collected.
   * @param at ms
   */
  firing(at: number): readonly Telemetry[] | null {
    let all: Telemetry[] | null = null;
    for (const one of this.#fired) {
      try {
        if (one.firing === undefined || one.firing(at)) all = all ? [...all, one] : [one];
      } catch (error) {
        this.#failed(error);
      }
    }
    return all;
  }

  /** @param by what `firing` returned */
  fired(fire: ObservedFire, by: readonly Telemetry[]): void {
    for (const one of by) this.#attempt(() => one.fired?.(fire));
  }

  /** What observes the schedulers of tasks: these are not part of the process. */
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

  /** One span for all that trace now; undefined if there is none. */
  executing(execution: BegunExecution): ExecutionSpan | undefined {
    let only: ExecutionSpan | undefined;
    let all: ExecutionSpan[] | undefined;
    for (const one of this.#executing) {
      const span = this.#spanOf(one, execution);
      if (!span) continue;
      if (only) all = [...(all ?? [only]), span];
      only ??= span;
    }
    return all ? new Spans(all, (one, ended) => this.ended(one, ended)) : only;
  }

  /** An execution with a span has ended. */
  ended(span: ExecutionSpan, ended: EndedExecution): void {
    this.#attempt(() => span.end?.(ended));
  }

  #spanOf(one: Telemetry, execution: BegunExecution): ExecutionSpan | undefined {
    try {
      return this.#isTracing(one) ? one.executing?.(execution) : undefined;
    } catch (error) {
      return this.#failed(error);
    }
  }

  #isTracing(one: Telemetry): boolean {
    try {
      return one.isTracing === undefined || one.isTracing();
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #attempt<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): undefined {
    this.#report({ kind: 'telemetry_failed', error });
  }
}

/** Several spans of an execution as one. */
class Spans implements ExecutionSpan {
  readonly #all: readonly ExecutionSpan[];
  readonly #end: (span: ExecutionSpan, ended: EndedExecution) => void;

  /** @param end ends one of them: where that fails, the others are ended anyway. */
  constructor(all: readonly ExecutionSpan[], end: (span: ExecutionSpan, ended: EndedExecution) => void) {
    this.#all = all;
    this.#end = end;
  }

  get logged(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#all.map(({ logged }) => logged));
  }

  get trace(): TraceContext | undefined {
    return this.#all.find(({ trace }) => trace)?.trace;
  }

  within<T>(call: () => T): T {
    return nested(this.#all, call);
  }

  end(ended: EndedExecution): void {
    for (const span of this.#all) this.#end(span, ended);
  }
}

/** undefined if nothing observes. @throws InvalidOptionsError */
export function instrumentsOf(
  given: Telemetry | readonly Telemetry[] | undefined,
  report: Report,
): Instruments | undefined {
  if (given === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (all.some((one) => typeof one !== 'object' || one === null)) {
    throw new InvalidOptionsError(
      'telemetry: give the result of `metrics` of carillon/metrics, or an array of such results',
    );
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
