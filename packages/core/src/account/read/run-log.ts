import type { CarillonEvent } from '../../event/events.js';
import { parseEvent } from '../../event/schema.js';
import type { JobRecords } from '../../ports/job-records.js';

const PAGE = 500;

/** The events of the log about runs, from an instant on. It reads them once, and no further than needed. */
export class RunLog {
  readonly #records: Pick<JobRecords, 'events'>;
  readonly #needle: string;
  readonly #events: CarillonEvent[] = [];
  readonly #pages: number;
  #after: { readonly id: string } | { readonly before: number };
  #read = 0;
  #isOver = false;

  /** @param id the id of the job or of the run @param from ms @param pages the most pages of 500 events that are read */
  constructor(records: Pick<JobRecords, 'events'>, id: string, from: number, pages: number) {
    this.#records = records;
    this.#needle = JSON.stringify(id);
    this.#after = { before: from };
    this.#pages = pages;
  }

  /** Returns the events of a run, oldest first, up to an instant (ms), or up to one that ends the search. */
  async ofRun(runId: string, to: number, isLast: (event: CarillonEvent) => boolean): Promise<readonly CarillonEvent[]> {
    return this.find((event) => 'runId' in event && event.runId === runId, to, isLast);
  }

  async find(
    isMeant: (event: CarillonEvent) => boolean,
    to: number,
    isLast: (event: CarillonEvent) => boolean,
  ): Promise<readonly CarillonEvent[]> {
    let found = this.#events.filter(isMeant);
    while (!found.some(isLast) && (this.#events.at(-1)?.at.getTime() ?? 0) <= to && (await this.#more())) {
      found = this.#events.filter(isMeant);
    }
    return found;
  }

  async #more(): Promise<boolean> {
    if (this.#isOver || this.#read >= this.#pages) return false;
    const { events } = await this.#records.events({ after: this.#after, limit: PAGE });
    this.#read += 1;
    const last = events.at(-1);
    if (!last || events.length < PAGE) this.#isOver = true;
    if (last) this.#after = { id: last.id };
    for (const { message } of events) {
      // Most events are about other jobs and runs, and are not parsed. The last one of a page is, as it shows how far this has read.
      if (!message.includes(this.#needle) && message !== last?.message) continue;
      const event = parseEvent(message);
      if (event) this.#events.push(event);
    }
    return events.length > 0;
  }
}
