/** What happens to the store as a whole is kept for longer. */
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

/** Events of one type. */
interface PublishedType {
  readonly channel: string;
  readonly isStoreWide: boolean;
  count: number;
}

/** What a job store knows of the types of its events, at hand for each event. */
export class PublishedTypes {
  readonly #types = new Map<string, PublishedType>();

  /** How many events of each type were published. */
  get counts(): readonly { readonly type: string; readonly count: number }[] {
    return [...this.#types].map(([type, { count }]) => ({ type, count }));
  }

  /** Counts one more of a type. */
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
