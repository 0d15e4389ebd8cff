import type { CarillonEvent } from '../../event/events.js';
import { runIdOf } from '../../job/definition.js';
import { isOutcome } from '../../run/outcomes.js';
import type { Run } from '../../run/run.js';
import { fireTimeBefore, type Revision } from '../revision.js';
import type { Timeline } from '../timeline.js';
import type { RunDetails } from './run-details.js';
import type { RunLog } from './run-log.js';

/** The most earlier fire times that are searched for the runs that held the places of a job. */
const MOST_HOLDERS_BEFORE = 30;

/** A run that had ended at the instant `by` at the latest, ms. */
interface Perhaps {
  readonly fireTime: number;
  readonly runId: string;
  readonly by: number;
}

/** Finds the runs that held the places of a job. */
export class PlaceHolders {
  readonly #timeline: Timeline;
  readonly #log: RunLog;
  readonly #details: RunDetails;
  /** The runs that were read by their ids; null if nothing is known of the run. */
  readonly #named = new Map<string, Run | null>();

  constructor({
    timeline,
    log,
    details,
  }: { readonly timeline: Timeline; readonly log: RunLog; readonly details: RunDetails }) {
    this.#timeline = timeline;
    this.#log = log;
    this.#details = details;
  }

  /** Returns the runs that held the places of the job at a fire time, as far as they are known, latest first. */
  async at(
    revision: Revision | null,
    fireTime: number,
  ): Promise<readonly { fireTime: number; runId: string | null }[]> {
    const most = revision?.definition.maxInstances ?? 1;
    const before = revision ? this.#before(revision, fireTime) : { settled: [], open: [], perhaps: [] };
    const { settled, open, perhaps } = before;
    const live = await this.#holding(open);
    const found = live.flatMap(({ runId, scheduledRunTimes }) => {
      const first = scheduledRunTimes[0]?.getTime() ?? Number.POSITIVE_INFINITY;
      return first < fireTime ? [{ fireTime: first, runId: runId as string | null }] : [];
    });
    if (found.length < most) found.push(...settled);
    if (found.length < most && perhaps.length > 0) found.push(...(await this.#heldAt(perhaps, fireTime)));
    return found.sort((one, other) => other.fireTime - one.fireTime).slice(0, most);
  }

  /** Returns the live runs that hold a place. If those that were read by their ids are as many as the job counts, it does not read the ledger. */
  async #holding(runIds: readonly string[]): Promise<readonly Run[]> {
    const unread = runIds.filter((runId) => !this.#named.has(runId));
    const read = await this.#details.read(unread);
    for (const runId of unread) this.#named.set(runId, read.find((run) => run.runId === runId) ?? null);
    const named = [...this.#named.values()].filter((run) => run !== null).filter(isHolding);
    return named.length >= this.#timeline.instances ? named : (await this.#details.liveRuns()).filter(isHolding);
  }

  /** Returns the runs that had not ended at an instant, by their kept outcomes or by the log. */
  async #heldAt(perhaps: readonly Perhaps[], instant: number) {
    const runIds = perhaps.map(({ runId }) => runId);
    const known = await this.#details.read(runIds);
    const ends = new Map(known.flatMap((run) => ('settledAt' in run ? [[run.runId, run.settledAt.getTime()]] : [])));
    if (ends.size < runIds.length) {
      const isEnd = (event: CarillonEvent) => isOutcome(event) && event.runId !== null && runIds.includes(event.runId);
      const latest = Math.max(...perhaps.map(({ by }) => by));
      for (const event of await this.#log.find(isEnd, latest, () => false))
        if ('runId' in event && event.runId !== null) ends.set(event.runId, event.at.getTime());
    }
    return perhaps
      .filter(({ runId }) => (ends.get(runId) ?? 0) >= instant)
      .map(({ fireTime, runId }) => ({ fireTime, runId: runId as string | null }));
  }

  /**
   * Returns the runs of earlier fire times that may have held a place. `settled`: those that certainly ended late enough. `perhaps`: those of a
   * stretch, of which only the slowest is known, and those without an outcome. `open`: those without an outcome.
   */
  #before(revision: Revision, fireTime: number) {
    const settled: { fireTime: number; runId: string | null }[] = [];
    const open: string[] = [];
    const perhaps: Perhaps[] = [];
    let before = fireTimeBefore(revision, fireTime);
    for (let looked = 0; before !== null && looked < MOST_HOLDERS_BEFORE; looked++) {
      const at = before;
      const records = this.#timeline.outcomes.at(at);
      const record = records.find((one) => one.form === 'stretch' && !one.asked);
      const isSkipped = record?.form === 'stretch' && record.outcome === 'max_instances';
      const runId = runIdOf(this.#timeline.id, revision.generation, at);
      // The account has the time of the slowest run of a stretch. If the stretch is one run, this time is certain.
      const by = at + (record?.form === 'stretch' && !isSkipped ? (record.slowestMs ?? 0) : Number.NEGATIVE_INFINITY);
      if (by >= fireTime && record?.form === 'stretch' && record.count === 1) settled.push({ fireTime: at, runId });
      else if (by >= fireTime) perhaps.push({ fireTime: at, runId, by });
      if (records.length === 0) {
        open.push(runId);
        // The run may have ended since.
        perhaps.push({ fireTime: at, runId, by: this.#timeline.now });
      }
      before = fireTimeBefore(revision, isSkipped ? Math.min(at, record.first) : at);
    }
    return { settled, open, perhaps };
  }
}

function isHolding(run: Run): boolean {
  return !('settledAt' in run) && run.state !== 'waiting';
}
