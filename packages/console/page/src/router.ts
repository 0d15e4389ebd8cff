import { signal } from '@preact/signals';

/** Where the page is: `#/<job store>/<screen>/<of what>?<query>`. In the hash, so that any mount path will do. */
export interface Route {
  readonly store: string;
  readonly screen: string;
  /** Such as the id of a job; empty: none. */
  readonly subject: string;
  readonly query: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [store = '', screen = '', subject = ''] = path.split('/').map(decoded);
  return { store, screen: screen || 'overview', subject, query: new URLSearchParams(query) };
}

/** A link that was cut or typed is taken as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const route = signal<Route>(parse(location.hash));
addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

/** The address of a screen, for `href`. */
export function linkTo(
  screen: string,
  subject = '',
  query: Readonly<Record<string, string>> = {},
  store?: string,
): string {
  const parts = [store ?? route.value.store, screen, ...(subject === '' ? [] : [subject])];
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${parts.map(encodeURIComponent).join('/')}${given === '' ? '' : `?${given}`}`;
}

export function goTo(screen: string, subject = '', query: Readonly<Record<string, string>> = {}): void {
  location.hash = linkTo(screen, subject, query);
}

/** Changes the query of the screen that is shown, without an entry in the history: empty values are left out. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const { screen, subject, query } = route.value;
  const hash = linkTo(screen, subject, { ...Object.fromEntries(query), ...changes });
  history.replaceState(null, '', hash);
  route.value = parse(hash);
}
