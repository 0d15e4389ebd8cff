import '../../../styles/events.css';
import { useState } from 'preact/hooks';
import type { ConsoleEvent } from '../../api/types';
import { Dialog } from '../../parts/dialog';
import { Json } from '../../parts/json';
import { Empty, Shown } from '../../parts/states';
import { type Column, VirtualTable } from '../../parts/table';
import { Distance, Time } from '../../parts/time';
import { linkTo, route } from '../../router';
import type { ScreenProps } from '../../screen-props';
import { EventFilters } from './filters';
import { gistOf } from './gist';
import { toneOf } from './groups';
import { useEvents } from './use-events';

export function Events({ store }: ScreenProps) {
  const given = (name: string) => route.value.query.get(name) ?? '';
  const filter = { types: given('types'), job: given('job'), task: given('task'), run: given('run') };
  const [isPaused, setPaused] = useState(false);
  const [opened, setOpened] = useState<ConsoleEvent | null>(null);
  const { past, events, waiting, isLive } = useEvents(store, filter, isPaused);
  return (
    <>
      <div class="screen-head">
        <h1>Events</h1>
        <div class="row">
          <span class={`badge ${isPaused || !isLive ? 'warn' : 'good'}`} role="status">
            <span aria-hidden="true">{isPaused ? '❚❚' : isLive ? '●' : '○'}</span>
            {isPaused ? `paused, ${waiting} new` : isLive ? 'live' : 'connecting…'}
          </span>
          <button type="button" class="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            Pause
          </button>
        </div>
      </div>
      <EventFilters {...filter} />
      <Shown of={past} what="events">
        {() =>
          events.length === 0 ? (
            <Empty title="No events">
              The log has none that these filters let through. What happens from now on is shown here at once.
            </Empty>
          ) : (
            <VirtualTable name="Events" columns={columns(setOpened)} rows={events} keyOf={({ eventId }) => eventId} />
          )
        }
      </Shown>
      {opened && (
        <Dialog title={opened.type} onClose={() => setOpened(null)}>
          <Time at={opened.at} withDistance />
          <Json value={opened} />
        </Dialog>
      )}
    </>
  );
}

function columns(open: (event: ConsoleEvent) => void): readonly Column<ConsoleEvent>[] {
  return [
    { id: 'at', head: 'When', class: 'wide col-at', cell: ({ at }) => <Time at={at} /> },
    {
      id: 'type',
      head: 'Event',
      class: 'col-type',
      cell: (event) => (
        <>
          <button type="button" data-row class={`event-type ${toneOf(event.type)}`} onClick={() => open(event)}>
            {event.type}
          </button>
          <div class="narrow small muted">
            <Distance at={event.at} />
          </div>
        </>
      ),
    },
    { id: 'of', head: 'Of', cell: (event) => <About event={event} /> },
    { id: 'gist', head: 'Says', class: 'wide', cell: (event) => <div class="clip small">{gistOf(event)}</div> },
  ];
}

/** The job or task, with a link to its run. */
function About({ event }: { readonly event: ConsoleEvent }) {
  const { jobId, runId, task, workerId } = event;
  const name = [jobId, task, workerId].find((one) => typeof one === 'string') as string | undefined;
  return (
    <div class="clip">
      {typeof jobId === 'string' ? <a href={linkTo('jobs', jobId)}>{jobId}</a> : name}
      {typeof runId === 'string' && (
        <div class="small clip">
          <a href={linkTo('runs', runId)}>run {runId}</a>
        </div>
      )}
    </div>
  );
}
