import { timeIn } from '../time';

export interface Line {
  readonly name: string;
  /** A class of `chart.css` that has its colour and dashes. */
  readonly look: string;
  /** null for a gap. */
  readonly values: readonly (number | null)[];
}

const WIDTH = 600;
const HEIGHT = 120;
const TOP = 6;

/**
 * Lines over time. What it shows is said in words, too, for those who do not see it; over each place one reads its values.
 * @param at of each place, ms
 */
export function Chart({
  title,
  lines,
  at,
  text,
}: {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly at: readonly number[];
  readonly text: (value: number) => string;
}) {
  const highest = Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null)));
  const top = highest === 0 ? 1 : highest;
  const step = WIDTH / Math.max(1, at.length - 1);
  const x = (place: number) => Math.round(place * step * 10) / 10;
  const y = (value: number) => Math.round((TOP + (HEIGHT - TOP) * (1 - value / top)) * 10) / 10;
  const inWords = lines.map(({ name, values }) => `${name} ${newest(values, text)}`).join(', ');
  return (
    <figure class="chart">
      <figcaption class="row spread small">
        <strong>{title}</strong>
        <span class="row">
          {lines.map(({ name, look, values }) => (
            <span key={name} class={`legend ${look}`}>
              {name} {newest(values, text)}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot">
        <span class="small muted scale">{text(top)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${inWords}`}
        >
          <path class="axis" d={`M0 ${HEIGHT}H${WIDTH}M0 ${TOP}H${WIDTH}`} />
          {lines.map(({ name, look, values }) => (
            <path key={name} class={`line ${look}`} d={pathOf(values, x, y)} />
          ))}
          {at.map((time, place) => (
            <rect key={time} class="place" x={x(place) - step / 2} width={step} height={HEIGHT}>
              <title>{`${timeIn(time)}\n${lines.map(({ name, values }) => `${name} ${shown(values[place], text)}`).join('\n')}`}</title>
            </rect>
          ))}
        </svg>
      </div>
      <div class="ends small muted">
        <span>{timeIn(at[0] ?? 0)}</span>
        <span>{timeIn(at.at(-1) ?? 0)}</span>
      </div>
    </figure>
  );
}

/** A value that stands alone is drawn as a short line. */
function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let isOpen = false;
  return values
    .map((value, place) => {
      if (value === null) {
        isOpen = false;
        return '';
      }
      const command = isOpen ? 'L' : 'M';
      isOpen = true;
      const isAlone = command === 'M' && (values[place + 1] ?? null) === null;
      return isAlone ? `M${x(place) - 3} ${y(value)}h3` : `${command}${x(place)} ${y(value)}`;
    })
    .join('');
}

function newest(values: readonly (number | null)[], text: (value: number) => string): string {
  return shown(
    values.findLast((value) => value !== null),
    text,
  );
}

function shown(value: number | null | undefined, text: (value: number) => string): string {
  return value === null || value === undefined ? '–' : text(value);
}
