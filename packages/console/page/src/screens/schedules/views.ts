import { signal } from '@preact/signals';
import { type Filter, NAMES, NO_FILTER } from './filter';

export interface View {
  readonly name: string;
  readonly filter: Filter;
}

/** Views that all users have. */
export const VIEWS: readonly View[] = [
  { name: 'All', filter: NO_FILTER },
  { name: 'Failed last', filter: { ...NO_FILTER, lastOutcome: 'error' } },
  { name: 'Paused', filter: { ...NO_FILTER, state: 'paused' } },
  { name: 'Running', filter: { ...NO_FILTER, state: 'running' } },
  { name: 'Due within the hour', filter: { ...NO_FILTER, due: '1h' } },
];

const KEY = 'carillon.views';
const MOST = 20;

/** Views that were saved in this browser. Each is an address: it can be sent to others, too. */
export const savedViews = signal<readonly View[]>(kept());

export function saveView(name: string, filter: Filter): void {
  keep([...savedViews.value.filter((view) => view.name !== name), { name, filter }].slice(-MOST));
}

export function forgetView(name: string): void {
  keep(savedViews.value.filter((view) => view.name !== name));
}

export function isSame(one: Filter, other: Filter): boolean {
  return NAMES.every((name) => one[name] === other[name]);
}

function keep(views: readonly View[]): void {
  savedViews.value = views;
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // A browser that keeps nothing has them until the page is closed.
  }
}

/** What does not have the form of views was written by something else. */
function kept(): readonly View[] {
  try {
    const views: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(views)) return [];
    return views.filter(isView).map(({ name, filter }) => ({ name, filter: { ...NO_FILTER, ...filter } }));
  } catch {
    return [];
  }
}

function isView(value: unknown): value is View {
  const { name, filter } = (value ?? {}) as Partial<View>;
  if (typeof name !== 'string' || typeof filter !== 'object' || filter === null) return false;
  return Object.values(filter).every((text) => typeof text === 'string');
}
