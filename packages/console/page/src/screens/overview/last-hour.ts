import type { ConsoleEvent } from '../../api/types.js';

const MINUTE = 60_000;
export const MINUTES = 60;
/** The most values of a minute that are kept: each later one replaces a random one. */
const MOST_OF_MINUTE = 500;
const MOST_RUNS = 20_000;

export const TYPES = [
  'job_submitted',
  'job_started',
  'job_executed',
  'job_error',
  'job_missed',
  'job_max_instances',
  'job_cancelled',
];

interface Minute {
  executed: number;
  failed: number;
  missed: number;
  started: number;
  readonly latenessMs: number[];
}

/** What the screen shows of an hour: each list has a value for each minute, oldest first. */
export interface HourInNumbers {
  readonly minutes: readonly {
    readonly at: number;
    /** How many seconds of it have passed: at least 5, so that its first run is not a peak. */
    readonly seconds: number;
    readonly runs: number;
    readonly failed: number;
    readonly missed: number;
  }[];
  /** Of each minute; null if nothing was started in it. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly whole: {
    readonly p50: number | null;
    readonly p99: number | null;
    readonly runs: number;
    readonly failed: number;
    readonly missed: number;
  };
  /** Since when the log goes back; null means an hour and longer. */
  readonly since: number | null;
}

/** Counts events by minutes, and how late runs were started: from their first fire time. Takes events in their order. */
export class LastHour {
  readonly #minutes = new Map<number, Minute>();
  readonly #due = new Map<string, number>();
  /** The log goes back to this event; null means to the hour and longer. */
  since: number | null = null;

  add(event: ConsoleEvent): void {
    const { type, runId } = event;
    const at = new Date(event.at).getTime();
    if (type === 'job_submitted') {
      const [first] = (event as { scheduledRunTimes?: readonly string[] }).scheduledRunTimes ?? [];
      if (typeof runId === 'string' && first !== undefined) this.#expect(runId, new Date(first).getTime());
      return;
    }
    const minute = this.#minute(at);
    if (type === 'job_executed') minute.executed += 1;
    else if (type === 'job_error') minute.failed += 1;
    else if (type === 'job_missed') minute.missed += 1;
    else if (type === 'job_started' && typeof runId === 'string') {
      const due = this.#due.get(runId);
      // A run that is started again was late once.
      this.#due.delete(runId);
      if (due !== undefined) this.#late(minute, Math.max(0, at - due));
    }
  }

  numbers(now: number): HourInNumbers {
    const last = Math.floor(now / MINUTE);
    for (const minute of this.#minutes.keys()) if (minute <= last - MINUTES) this.#minutes.delete(minute);
    const all = Array.from({ length: MINUTES }, (_, place) => last - MINUTES + 1 + place);
    const found = all.map((minute) => this.#minutes.get(minute));
    const lates = found.map((minute) => [...(minute?.latenessMs ?? [])].sort((one, other) => one - other));
    const every = lates.flat().sort((one, other) => one - other);
    const minutes = all.map((minute, place) => {
      const { executed = 0, failed = 0, missed = 0 } = found[place] ?? {};
      const seconds = Math.min(60, Math.max(5, (now - minute * MINUTE) / 1_000));
      return { at: minute * MINUTE, seconds, runs: executed + failed, failed, missed };
    });
    const sum = (of: 'runs' | 'failed' | 'missed') => minutes.reduce((total, minute) => total + minute[of], 0);
    return {
      minutes,
      p50: lates.map((values) => quantile(values, 0.5)),
      p99: lates.map((values) => quantile(values, 0.99)),
      whole: {
        p50: quantile(every, 0.5),
        p99: quantile(every, 0.99),
        runs: sum('runs'),
        failed: sum('failed'),
        missed: sum('missed'),
      },
      since: this.since,
    };
  }

  #expect(runId: string, due: number): void {
    if (this.#due.size >= MOST_RUNS) this.#due.delete(this.#due.keys().next().value ?? '');
    this.#due.set(runId, due);
  }

  #late(minute: Minute, ms: number): void {
    minute.started += 1;
    if (minute.latenessMs.length < MOST_OF_MINUTE) minute.latenessMs.push(ms);
    else {
      const place = Math.floor(Math.random() * minute.started);
      if (place < MOST_OF_MINUTE) minute.latenessMs[place] = ms;
    }
  }

  #minute(at: number): Minute {
    const key = Math.floor(at / MINUTE);
    const known = this.#minutes.get(key);
    if (known) return known;
    const made: Minute = { executed: 0, failed: 0, missed: 0, started: 0, latenessMs: [] };
    this.#minutes.set(key, made);
    return made;
  }
}

/** Of sorted values, by the nearest rank; null if there is none. */
export function quantile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}
