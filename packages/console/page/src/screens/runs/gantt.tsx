import { durationText, now, timeIn } from '../../time';
import { type LifeOfRun, type LifePart, lifeParts } from './run-bars';

const WIDTH = 1_000;
/** So that what took no time is seen. */
const LEAST = 4;

/** The life of a run as bars over one time line; the table has the same in figures. */
export function Gantt({ life }: { readonly life: LifeOfRun }) {
  const parts = lifeParts(life, life.isLive ? now.value : 0);
  if (parts.length === 0)
    return <p class="muted">The log of events does not go back to this run: its times are not known any more.</p>;
  const from = Math.min(...parts.map((part) => part.from));
  const to = Math.max(...parts.map((part) => part.to), from + 1);
  const scale = WIDTH / (to - from);
  return (
    <>
      <table class="gantt" aria-label="Life of the run">
        <thead class="hidden-text">
          <tr>
            <th scope="col">Part</th>
            <th scope="col">When</th>
            <th scope="col">How long</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part, place) => (
            <tr key={`${part.kind} ${part.from} ${place}`}>
              <th scope="row">{part.name}</th>
              <td class="gantt-line">
                <span class="hidden-text">
                  from {timeIn(part.from)} to {timeIn(part.to)}
                </span>
                <svg viewBox={`0 0 ${WIDTH} 20`} preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" x="0" y="9.500" width={WIDTH} height="1" />
                  <rect class={`bar ${toneOf(part)}`} y="3" height="14" {...extentOf(part, from, scale)} />
                </svg>
              </td>
              <td class="number end">
                {durationText(part.to - part.from)}
                {part.outcome !== null && <span class="muted"> {part.outcome.replaceAll('_', ' ')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="row spread small muted">
        <span>{timeIn(from)}</span>
        <span>{life.isLive ? 'now' : timeIn(to)}</span>
      </div>
    </>
  );
}

function extentOf({ from, to }: LifePart, start: number, scale: number): { x: number; width: number } {
  const width = Math.max(LEAST, (to - from) * scale);
  return { x: Math.min((from - start) * scale, WIDTH - width), width };
}

function toneOf({ kind, outcome }: LifePart): string {
  if (kind !== 'attempt') return kind;
  if (outcome === 'executed' || outcome === 'running' || outcome === 'cancelled') return outcome;
  return 'failed';
}
