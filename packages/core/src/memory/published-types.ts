/** Types of events about the store as a whole. The account of the store keeps these events longer than the log does. */
const STORE_WIDE: ReadonlySet<string> = new Set([
  ...[
    'scheduler_started',
    'scheduler_shutdown',
    'scheduler_paused',
    'scheduler_resumed',
    'leader_elected',
    'leader_lost',
  ],
  ...['worker_joined', 'worker_left', 'executor_added', 'executor_removed'],
  ...['jobstore_added', 'jobstore_removed', 'jobstore_emptied', 'all_jobs_removed', 'job_quarantined'],
]);

/** The properties of one type of events. */
interface PublishedType {
  readonly channel: string;
  readonly isStoreWide: boolean;
  count: number;
}

/** The types of a job store's events, looked up for each event. */
export class PublishedTypes {
  readonly #types = new Map<string, PublishedType>();

  /** How many events of each type were published. */
  get counts(): readonly { readonly type: string; readonly count: number }[] {
    return [...this.#types].map(([type, { count }]) => ({ type, count }));
  }

  /** Counts another event of a type. */
  next(type: string): Readonly<PublishedType> {
    const published = this.#types.get(type) ?? this.#first(type);
    published.count += 1;
    return published;
  }

  #first(type: string): PublishedType {
    const published = { channel: `events:${type}`, isStoreWide: STORE_WIDE.has(type), count: 0 };
    this.#types.set(type, published);
    return published;
  }
}
