import { linkTo } from '../../router';
import { now, timeIn, VIEWER_ZONE } from '../../time';
import { cellsOf, type Period, placeOf, summaryOf } from './cells';
import type { Row } from './use-timeline';

const CELL = 10;
const HEIGHT = 24;

/** The clock changes of the viewer's zone, and where the present is. */
export function Axis({ period }: { readonly period: Period }) {
  const middle = (period.from + period.to) / 2;
  return (
    <div class="band-row">
      <span class="small muted">{VIEWER_ZONE}</span>
      <div class="band-axis ends small muted">
        <span>{timeIn(period.from)}</span>
        <span class="band-middle">{timeIn(middle)}</span>
        <span>{timeIn(period.to)}</span>
      </div>
    </div>
  );
}

interface BandProps {
  readonly row: Row;
  readonly period: Period;
  /** @param at the first of the worst fire times in the cell that was clicked, or the middle of the cell; ms since 1970 */
  readonly onAsk: (at: number) => void;
}

/** The fire times of a job. The band is a button: a click explains its cell; by keyboard, the last one that is not to come. */
export function Band({ row: { job, counts, late }, period, onAsk }: BandProps) {
  const { from, to, cells: count } = period;
  const { buckets, clockChanges, speaksFrom } = counts;
  const zone = job.timezone ?? 'UTC';
  const cells = cellsOf(buckets, late, period);
  const length = (to - from) / count;
  const ask = (event: MouseEvent) => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const isClicked = event.detail > 0;
    const place = Math.floor(((event.clientX - left) * count) / width);
    const last = cells.findLast((cell) => cell && cell.kind !== 'to come') ?? cells.find((cell) => cell);
    if (isClicked) onAsk(cells[place]?.first ?? Math.round(from + (place + 0.5) * length));
    else onAsk(last?.first ?? (from + to) / 2);
  };
  const present = ((now.value - from) / length) * CELL;
  const unknown = speaksFrom === null ? count : Math.min(count, (Date.parse(speaksFrom) - from) / length);
  const unknownTo = Math.min(unknown * CELL, present);
  const changes = clockChanges.map(({ at }) => ({ at, place: placeOf(Date.parse(at), period) }));
  return (
    <div class="band-row">
      <a data-row class="clip" href={linkTo('jobs', job.id)}>
        {job.name}
      </a>
      <div>
        <button
          type="button"
          class="band"
          aria-label={`${job.name}: ${summaryOf(buckets, late)}. Explain`}
          onClick={ask}
        >
          <svg viewBox={`0 0 ${count * CELL} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            {unknownTo > 0 && (
              <rect class="unrecorded" x="0" y={HEIGHT / 2 - 1} width={unknownTo} height="2">
                <title>What happened here is not recorded (any more).</title>
              </rect>
            )}
            {cells.map(
              (cell, place) =>
                cell && (
                  <rect
                    key={`${place} ${cell.kind}`}
                    class={`cell ${cell.kind.replace(' ', '-')}`}
                    x={place * CELL + 1}
                    y="5"
                    width={CELL - 2}
                    height={HEIGHT - 7}
                  >
                    <title>{cell.summary}</title>
                  </rect>
                ),
            )}
            {changes.map(({ at, place }) => (
              <rect key={at} class="clock" x={place * CELL} y="0" width={CELL} height="4" />
            ))}
            {present >= 0 && present <= count * CELL && (
              <rect class="present" x={present} y="0" width="2" height={HEIGHT} />
            )}
          </svg>
        </button>
        {changes.length > 0 && (
          <span class="small muted">
            The clock of {zone} is changed at {changes.map(({ at }) => timeIn(at, zone)).join(', ')}.
          </span>
        )}
      </div>
    </div>
  );
}
