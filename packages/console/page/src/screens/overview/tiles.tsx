import type { ComponentChildren } from 'preact';
import type { JobStore, Measure } from '../../api/types';
import { Outcome } from '../../parts/outcome';
import { Distance } from '../../parts/time';
import { linkTo } from '../../router';
import { durationText } from '../../time';
import type { HourInNumbers } from './last-hour';

interface TilesProps {
  readonly measure: Measure;
  readonly inspected: JobStore;
  readonly numbers: HourInNumbers | null;
}

/** The few numbers that one looks at first. */
export function Tiles({ measure, inspected, numbers }: TilesProps) {
  const { counts, paused, isLed, coordinators, nextDue } = measure;
  const leading = coordinators.find(({ leads }) => leads);
  const heldJobs = counts.jobs - counts.schedule;
  return (
    <div class="tiles">
      <Tile name="Leader" note={coordinators.length === 1 ? 'alone' : `of ${coordinators.length} coordinators`}>
        {isLed ? <Leading id={leading?.coordinatorId ?? 'yes'} /> : <span class="bad-text">none</span>}
      </Tile>
      <Tile name="Workers" note={inspected.workers.length === 0 ? 'start one' : 'alive'}>
        {inspected.workers.length}
      </Tile>
      <Tile name="Jobs" href={linkTo('schedules')} note={`${heldJobs} paused`}>
        {counts.jobs} {paused && <Outcome of="paused" />}
      </Tile>
      <Tile name="Next fire" note="of all jobs">
        {nextDue === null ? 'none' : <Distance at={nextDue} />}
      </Tile>
      <Tile name="Runs owed" note={`${counts.leases} running`}>
        {counts.runs}
      </Tile>
      <Tile name="Lateness p50, 1 h" note={`p99 ${duration(numbers?.whole.p99)}`}>
        {duration(numbers?.whole.p50)}
      </Tile>
      <Tile
        name="Failures, 1 h"
        href={linkTo('schedules', '', { lastOutcome: 'error' })}
        note={`${numbers?.whole.missed ?? '–'} missed`}
      >
        {numbers?.whole.failed ?? '–'}
      </Tile>
    </div>
  );
}

function Leading({ id }: { readonly id: string }) {
  return (
    <span class="clip" title={id}>
      {id}
    </span>
  );
}

function duration(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : durationText(ms);
}

function Tile({
  name,
  note,
  href,
  children,
}: {
  readonly name: string;
  readonly note: string;
  readonly href?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="panel tile">
      <div class="small muted">{href ? <a href={href}>{name}</a> : name}</div>
      <div class="figure number">{children}</div>
      <div class="small muted clip" title={note}>
        {note}
      </div>
    </div>
  );
}
