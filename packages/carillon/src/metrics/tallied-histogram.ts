import { Histogram, type HistogramConfiguration, type MetricType } from 'prom-client';

/** The observations with one set of labels. */
export class Series<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly #bounds: readonly number[];
  /** The count of each bucket by itself; the last one counts values beyond all buckets. */
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
 * A histogram for values of each run, which are added by the `tally` of a series. It adds to two numbers, and converts them to the form
 * of the registry only in a scrape; the histogram of `prom-client` makes a text of the labels each time. Values that are passed to
 * `observe` are not exported.
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

  /**
   * Returns the series of a set of labels. The caller keeps it, and calls this once for each set. A series is exported once it has a
   * value.
   */
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

  /** If this method exists, the registry calls it in place of `get`. */
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
