import { Histogram, type HistogramConfiguration, type MetricType } from 'prom-client';

/** What was observed with one set of labels. */
export class Series<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly #bounds: readonly number[];
  /** Of each bucket by itself; the last one is of what is beyond all of them. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(labels: Readonly<Record<Label, string>>, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  tally(observed: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && observed > (bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += observed;
  }

  get isEmpty(): boolean {
    return this.counts.every((count) => count === 0);
  }

  reset(): void {
    this.counts.fill(0);
    this.sum = 0;
  }
}

/**
 * A histogram for what is observed of each run, by the `tally` of a series: it adds to two numbers, and is put into the form of the registry
 * when that is scraped. That of `prom-client` puts labels into a text each time. What `observe` is given would not show.
 */
export class TalliedHistogram<Label extends string> extends Histogram<Label> {
  readonly #form: HistogramConfiguration<Label>;
  readonly #bounds: readonly number[];
  readonly #series: Series<Label>[] = [];

  constructor(form: HistogramConfiguration<Label>, labelNames: readonly Label[], bounds: readonly number[]) {
    super({ ...form, labelNames: [...labelNames], buckets: [...bounds] });
    this.#form = form;
    this.#bounds = bounds;
  }

  /** The caller keeps it, and asks for one set of labels once. It is shown once it has tallied something. */
  series(labels: Readonly<Record<Label, string>>): Series<Label> {
    const series = new Series(labels, this.#bounds);
    this.#series.push(series);
    return series;
  }

  override async get(): Promise<Shown<Label>> {
    const { name, help } = this.#form;
    const values = this.#series.flatMap((series) => (series.isEmpty ? [] : this.#valuesOf(series)));
    return { name, help, type: TYPE, aggregator: 'sum', values } as Shown<Label>;
  }

  /** The registry asks for this rather than for `get`, where it is there. */
  getForPromString(): Promise<Shown<Label>> {
    return this.get();
  }

  #valuesOf({ labels, counts, sum }: Series<Label>) {
    const { name } = this.#form;
    let count = 0;
    const buckets = Array.from(counts, (own, index) => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: this.#bounds[index] ?? '+Inf', ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }

  override reset(): void {
    // It is called while the histogram is made, too.
    if (#series in this) for (const series of this.#series) series.reset();
  }
}

type Shown<Label extends string> = Awaited<ReturnType<Histogram<Label>['get']>>;

/** The types have an enumeration, which the package itself lacks. */
const TYPE = 'histogram' as unknown as MetricType;
