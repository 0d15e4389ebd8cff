import { effect, signal } from '@preact/signals';

export type Scheme = 'system' | 'light' | 'dark';
const KEY = 'carillon.scheme';
const NEXT: Readonly<Record<Scheme, Scheme>> = { system: 'light', light: 'dark', dark: 'system' };

/** Which colours; `system`: those that the browser prefers. Kept in the browser. */
export const scheme = signal<Scheme>(kept());

effect(() => {
  const { dataset } = document.documentElement;
  if (scheme.value === 'system') delete dataset.scheme;
  else dataset.scheme = scheme.value;
  try {
    localStorage.setItem(KEY, scheme.value);
  } catch {
    // A browser that keeps nothing shows it for now.
  }
});

export function nextScheme(): void {
  scheme.value = NEXT[scheme.value];
}

function kept(): Scheme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
