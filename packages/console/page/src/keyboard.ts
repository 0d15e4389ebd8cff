import { signal } from '@preact/signals';
import { goTo } from './router';
import { SCREENS } from './screens';

export const isHelpOpen = signal(false);

/** Keys that work everywhere, but not while one types. A screen adds its own by `onKeyDown`. */
export function listenToKeys(): void {
  let afterG = Number.NEGATIVE_INFINITY;
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const { key } = event;
    if (performance.now() - afterG < 1_500) {
      afterG = Number.NEGATIVE_INFINITY;
      const screen = SCREENS.find((one) => one.key === key);
      if (screen) goTo(screen.id);
      return;
    }
    if (key === 'g') afterG = performance.now();
    else if (key === '?') isHelpOpen.value = true;
    else if (key === '/') focusSearch(event);
    else if (key === 'ArrowDown' || key === 'j') moveTo(event, 1);
    else if (key === 'ArrowUp' || key === 'k') moveTo(event, -1);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function focusSearch(event: Event): void {
  const search = document.querySelector<HTMLInputElement>('input[type=search]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** Moves the focus among what a list marks with `data-row`: its links. */
function moveTo(event: Event, step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  if (rows.length === 0) return;
  event.preventDefault();
  const place = rows.indexOf(document.activeElement as HTMLElement);
  const next = place === -1 ? rows[0] : rows[place + step];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
