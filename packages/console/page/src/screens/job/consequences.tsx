import { useEffect, useRef } from 'preact/hooks';
import type { Change } from '../../api/types';
import { Time } from '../../parts/time';
import { Difference, differenceOf } from './difference';

/** Follow from others, or are shown by themselves. */
const SHOWN_ELSEWHERE = ['revision', 'triggerText', 'dueTime', 'runsLeft', 'lastRun', 'lastSuccess'];

/** What a change would do: what differs, which fires are gained and lost, and what it would start at once. */
export function Consequences({ of: { before, after, fires } }: { readonly of: Change }) {
  const changed = differenceOf(before, after).filter(({ member }) => !SHOWN_ELSEWHERE.includes(member));
  const element = useRef<HTMLDivElement>(null);
  // Where it is under the form, it would be out of sight.
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), []);
  const owed = fires.after.filter((at) => new Date(at).getTime() <= Date.now());
  return (
    <div ref={element} class="stack consequences" role="status">
      {changed.length === 0 ? <p>This changes nothing.</p> : <Difference of={changed} />}
      {owed.length > 0 && (
        <p class="notice warn">
          It would catch up at once: {owed.length === 10 ? '10 or more' : owed.length} fire times are owed.
        </p>
      )}
      <FireList title="Fires gained, of the next 10" of={fires.gained} timezone={zoneOf(after)} />
      <FireList title="Fires lost, of the next 10" of={fires.lost} timezone={zoneOf(before)} />
      {fires.gained.length + fires.lost.length === 0 && <p class="muted">The next 10 fires stay as they are.</p>}
    </div>
  );
}

/** A change of the trigger may be one of its zone. */
function zoneOf(job: Change['before']): string | undefined {
  return typeof job?.timezone === 'string' ? job.timezone : undefined;
}

function FireList({
  title,
  of,
  timezone,
}: {
  readonly title: string;
  readonly of: readonly string[];
  readonly timezone: string | undefined;
}) {
  if (of.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul class="fire-list">
        {of.map((at) => (
          <li key={at}>
            <Time at={at} zone={timezone} />
          </li>
        ))}
      </ul>
    </div>
  );
}
