import { durationMs } from '../../duration';

/** What the list is narrowed to, as the address has it. Everything is a text; empty: not given. */
export interface Filter {
  readonly text: string;
  readonly task: string;
  readonly executor: string;
  readonly tags: string;
  readonly state: string;
  readonly lastOutcome: string;
  /** Due within this duration from now, such as `1h`. */
  readonly due: string;
}

export const NAMES = ['text', 'task', 'executor', 'tags', 'state', 'lastOutcome', 'due'] as const;

export const NO_FILTER: Filter = { text: '', task: '', executor: '', tags: '', state: '', lastOutcome: '', due: '' };

export function filterIn(query: URLSearchParams): Filter {
  return { ...NO_FILTER, ...Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) };
}

export function isFiltered(filter: Filter): boolean {
  return NAMES.some((name) => filter[name] !== '');
}

/** As the API takes it in a query. `dueBefore` counts from now. */
export function filterQuery({ due, ...others }: Filter): Readonly<Record<string, string>> {
  const ms = durationMs(due);
  return { ...others, ...(ms !== null && { dueBefore: new Date(Date.now() + ms).toISOString() }) };
}

/** As the API takes it in a body. */
export function filterBody(filter: Filter): object {
  const { tags, ...others } = filterQuery(filter);
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== ''));
  return { ...given, ...(tags && { tags: tags.split(',').map((tag) => tag.trim()) }) };
}

/** In words, for what a change of many jobs means. */
export function filterInWords(filter: Filter): string {
  const given = NAMES.filter((name) => filter[name] !== '');
  return given.length === 0 ? 'all jobs of the job store' : given.map((name) => `${name}: ${filter[name]}`).join(', ');
}
