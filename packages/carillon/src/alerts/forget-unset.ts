import type { AlertBook } from './alert-book.js';
import type { Targets } from './delivery/targets.js';
import type { WatchParts } from './watch-parts.js';

/** Removes the state of rules and targets that are no longer in the settings, and notifications that were delivered already. */
export function forgetUnset(
  book: AlertBook,
  targets: Targets,
  { settings, logger, store, delivered }: Pick<WatchParts, 'settings' | 'logger' | 'store' | 'delivered'>,
  now: number,
): void {
  const names = settings.rules.map(({ name }) => name);
  for (const alert of book.open) {
    if (!names.includes(alert.rule)) book.close(alert, now, 'the rule was removed');
  }
  const { queue } = book;
  for (const lane of queue.lanes) {
    const isGone = !targets.has(lane);
    if (isGone) {
      const count = queue.lengthOf(lane);
      logger.warn(
        { jobStore: store.alias, ...lane, count },
        'a target was removed: its waiting notifications are dropped',
      );
    }
    for (const [key, { id }] of queue.entriesOf(lane)) {
      if (isGone || delivered.has(`${key} ${id}`)) queue.remove(lane, key);
    }
  }
}
