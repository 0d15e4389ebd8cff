import { signal } from '@preact/signals';

const SHOWN_MS = 6_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** What was done last, for the eye and for screen readers. */
export const said = signal('');

export function say(text: string): void {
  said.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    said.value = '';
  }, SHOWN_MS);
}
