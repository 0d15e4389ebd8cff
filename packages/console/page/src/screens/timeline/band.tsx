import { linkTo } from '../../router';
import { now, offsetIn, timeIn, VIEWER_ZONE } from '../../time';
import { cellsOf, clockChanges, type Period, summaryOf } from './cells';
import type { Row } from './use-timeline';

const CELL = 10;
const HEIGHT = 24;

/** The clock changes of the viewer's zone, and where the present is. */
export function Axis({ period }: { readonly period: Period }) {
  const middle = (period.from + period.to) / 2;
  return (
    <div class="band-row">
      <span class="small muted">{VIEWER_ZONE}</span>
      <div class="band-axis small muted">
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
  /** @param at the fire time in the cell that was clicked, or the middle of the cell; ms since 1970 */
  readonly onAsk: (at: number) => void;
}

/** The fire times of a job. The band is a button: a click explains its cell; by keyboard, the last one that is not to come. */
export function Band({ row: { job, told, loadedTo }, period, onAsk }: BandProps) {
  const { from, to, cells: count } = period;
  const zone = job.timezone ?? 'UTC';
  const cells = cellsOf(told, period);
  const changes = clockChanges(period, (at) => offsetIn(new Date(at).toISOString(), zone));
  const length = (to - from) / count;
  const ask = (event: MouseEvent) => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const isClicked = event.detail > 0;
    const last = told.findLast(({ code }) => code !== 'will_fire') ?? told[0];
    if (!isClicked) {
      onAsk(last ? Date.parse(last.instant) : (from + to) / 2);
      return;
    }
    const start = from + Math.floor(((event.clientX - left) * count) / width) * length;
    const inCell = told.find(({ instant }) => Date.parse(instant) >= start && Date.parse(instant) < start + length);
    onAsk(inCell ? Date.parse(inCell.instant) : Math.round(start + length / 2));
  };
  const present = ((now.value - from) / length) * CELL;
  return (
    <div class="band-row">
      <a data-row class="clip" href={linkTo('jobs', job.id)}>
        {job.name}
      </a>
      <div>
        <button type="button" class="band" aria-label={`${job.name}: ${summaryOf(told)}. Explain`} onClick={ask}>
          <svg viewBox={`0 0 ${count * CELL} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
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
                    <title>{`${cell.count} fire times, ${cell.kind}`}</title>
                  </rect>
                ),
            )}
            {changes.map((place) => (
              <rect key={`clock ${place}`} class="clock" x={place * CELL} y="0" width={CELL} height="4" />
            ))}
            {present >= 0 && present <= count * CELL && (
              <rect class="present" x={present} y="0" width="2" height={HEIGHT} />
            )}
          </svg>
        </button>
        {changes.length > 0 && (
          <span class="small muted">
            The clock of {zone} is changed near {changes.map((place) => timeIn(from + place * length, zone)).join(', ')}
            .
          </span>
        )}
        {loadedTo !== null && (
          <span class="small muted"> Shown up to {timeIn(loadedTo)}: choose a shorter span for more.</span>
        )}
      </div>
    </div>
  );
}
