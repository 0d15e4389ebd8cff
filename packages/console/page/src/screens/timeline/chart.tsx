const WIDTH = 720;
const HEIGHT = 90;

interface ChartProps {
  readonly name: string;
  readonly values: readonly number[];
  /** A line across, such as how many slots there are. */
  readonly limit?: number;
  readonly unit: string;
}

/** Values in their order, as an area; the highest of each column. In words: the highest and the mean. */
export function Chart({ name, values, limit, unit }: ChartProps) {
  const most = values.reduce((high, value) => Math.max(high, value), 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const top = Math.max(most, limit ?? 0, 0.001) * 1.05;
  const y = (value: number) => HEIGHT - (value * HEIGHT) / top;
  const columns = columnsOf(values, WIDTH);
  const step = WIDTH / columns.length;
  const path = columns.map((value, place) => `V${y(value).toFixed(1)}H${((place + 1) * step).toFixed(1)}`).join('');
  const words = `at most ${rounded(most)}, on average ${rounded(mean)} ${unit}`;
  return (
    <figure class="chart">
      <figcaption class="small">
        {name} <span class="muted">{words}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${name}: ${words}`}>
        <path class={limit !== undefined && most > limit ? 'area over' : 'area'} d={`M0 ${HEIGHT}${path}V${HEIGHT}Z`} />
        {limit !== undefined && <rect class="limit" x="0" y={y(limit)} width={WIDTH} height="1.500" />}
      </svg>
    </figure>
  );
}

/** At most `most` columns, each as high as the highest of its values. */
function columnsOf(values: readonly number[], most: number): readonly number[] {
  const each = Math.max(1, Math.ceil(values.length / most));
  const columns: number[] = [];
  for (let first = 0; first < values.length; first += each)
    columns.push(Math.max(...values.slice(first, first + each)));
  return columns;
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
