import { Histogram, type HistogramConfiguration, type MetricType } from 'prom-client';

/** What was observed with one set of labels. */
interface Series<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  /** Of each bucket by itself; the last one is of what is beyond all of them. */
  readonly counts: Float64Array;
  sum: number;
}

/**
 * A histogram for what is observed of each run, by `tally`: it adds to two numbers, and is put into the form of the registry when that is
 * scraped. That of `prom-client` puts labels into a text each time. What `observe` is given would not show.
 */
export class TalliedHistogram<Label extends string> extends Histogram<Label> {
  readonly #form: HistogramConfiguration<Label>;
  readonly #labelNames: readonly Label[];
  readonly #bounds: readonly number[];
  /** By labels in the order of their names, one within the other. */
  #tree: Node<Label> = new Map();
  #series: Series<Label>[] = [];

  constructor(form: HistogramConfiguration<Label>, labelNames: readonly Label[], bounds: readonly number[]) {
    super({ ...form, labelNames: [...labelNames], buckets: [...bounds] });
    this.#form = form;
    this.#labelNames = labelNames;
    this.#bounds = bounds;
  }

  /** @param values of the labels, in the order of their names */
  tally(values: readonly string[], observed: number): void {
    const series = this.#seriesOf(values);
    let bucket = 0;
    while (bucket < this.#bounds.length && observed > (this.#bounds[bucket] as number)) bucket++;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += observed;
  }

  #seriesOf(values: readonly string[]): Series<Label> {
    let node: Node<Label> | Series<Label> | undefined = this.#tree;
    for (const value of values) node = (node as Node<Label> | undefined)?.get(value);
    return (node as Series<Label> | undefined) ?? this.#begin(values);
  }

  #begin(values: readonly string[]): Series<Label> {
    const labels = Object.fromEntries(this.#labelNames.map((name, index) => [name, values[index]])) as Record<
      Label,
      string
    >;
    const series = { labels, counts: new Float64Array(this.#bounds.length + 1), sum: 0 };
    this.#series.push(series);
    let node = this.#tree;
    for (const value of values.slice(0, -1)) {
      const inner = (node.get(value) as Node<Label> | undefined) ?? new Map();
      node.set(value, inner);
      node = inner;
    }
    node.set(values.at(-1) as string, series);
    return series;
  }

  override async get(): Promise<Shown<Label>> {
    const { name, help } = this.#form;
    const values = this.#series.flatMap((series) => this.#valuesOf(series));
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
    if (!(#tree in this)) return;
    this.#tree = new Map();
    this.#series = [];
  }
}

type Shown<Label extends string> = Awaited<ReturnType<Histogram<Label>['get']>>;

/** The types have an enumeration, which the package itself lacks. */
const TYPE = 'histogram' as unknown as MetricType;

type Node<Label extends string> = Map<string, Node<Label> | Series<Label>>;
