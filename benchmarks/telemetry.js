/**
 * What telemetry costs a run, by processor time: a coordinator, a worker and runs that do nothing, in one process with its job store in
 * memory. `node --expose-gc benchmarks/telemetry.js [runs] [turns] [kind …]`, after `npm run build`. Each turn has every kind once, in an order by chance. A kind
 * is compared with what is off in the same turn, so that other work on the machine slows both.
 */
import { Coordinator } from '@carillon/coordinator';
import { interval, Scheduler } from '@carillon/core';
import { MemoryCluster } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { metrics } from 'carillon/metrics';
import { tracing } from 'carillon/opentelemetry';
import { Registry } from 'prom-client';

const [RUNS = 20_000, TURNS = 21] = process.argv.slice(2, 4).map(Number);
/** Kinds beside what is off; all of them where none is given. */
const ONLY = process.argv.slice(4);
/** What a run takes of all processors at the ceiling, µs: README.md. */
const OF_CEILING_US = 167;
const JOBS = 500;
const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger, levels: { values: {} } };

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const KINDS = {
  'off, first': () => undefined,
  off: () => undefined,
  metrics: () => metrics(new Registry()),
  traces: () => tracing({ provider: new BasicTracerProvider() }),
  'traces, each recorded': () =>
    tracing({ provider: new BasicTracerProvider(), tracesPerSecond: Number.POSITIVE_INFINITY }),
  'traces, no SDK': () => tracing(),
};

// From its first use on, `AsyncLocalStorage` makes each promise of a process dearer in Node 20: so it does for all kinds.
new AsyncLocalStorageContextManager().enable().with(context.active(), () => {});
const kinds = Object.keys(KINDS).filter((kind) => kind.startsWith('off') || ONLY.length === 0 || ONLY.includes(kind));
const found = Object.fromEntries(kinds.map((kind) => [kind, []]));
// The first turn is there for the compiler of the runtime.
for (let turn = -1; turn < TURNS; turn++)
  for (const kind of shuffled(kinds)) {
    const cost = await microsecondsARun(KINDS[kind]());
    if (turn >= 0) found[kind].push(cost);
  }

const off = median([...found['off, first'], ...found.off]);
console.log(`off: ${off.toFixed(1)} µs a run, ${TURNS} turns of ${RUNS} runs`);
for (const [kind, all] of Object.entries(found)) {
  const shares = all
    .map((cost, turn) => (kind === 'off' ? cost / found['off, first'][turn] : cost / offOf(turn, kind)) - 1)
    .toSorted((a, b) => a - b);
  const [low, high] = boundsOfMedian(shares);
  const us = (share) => share * off;
  const percent = (share) => ((100 * us(share)) / OF_CEILING_US).toFixed(1);
  console.log(
    `${kind}: ${us(median(shares)).toFixed(1)} µs more than off: ${percent(median(shares))} % of a run at the ceiling (95 %: ${percent(low)} to ${percent(high)})`,
  );
}

/** Both that are off; of these, each is compared with the other. */
function offOf(turn, kind) {
  const [first, second] = [found['off, first'][turn], found.off[turn]];
  return kind === 'off, first' ? second : (first + second) / 2;
}

/** Between which of these the median of all such turns is, with 95 %, by the binomial distribution. */
function boundsOfMedian(sorted) {
  const middle = (sorted.length - 1) / 2;
  const away = 0.98 * Math.sqrt(sorted.length);
  return [
    sorted[Math.max(0, Math.floor(middle - away))],
    sorted[Math.min(sorted.length - 1, Math.ceil(middle + away))],
  ];
}

function shuffled(items) {
  return items
    .map((item) => ({ item, by: Math.random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);
}

async function microsecondsARun(telemetry) {
  const memory = new MemoryCluster();
  const common = () => ({ backend: memory.connect(), logger, telemetry });
  const scheduler = new Scheduler({ backend: memory.connect(), logger });
  const coordinator = new Coordinator(common());
  let [count, end] = [0, () => {}];
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const tasks = {
    noop: () => {
      if (++count === RUNS) end();
    },
  };
  const worker = new Worker({ ...common(), tasks, executors: { default: { concurrency: 100 } } });
  await Promise.all([coordinator.start(), worker.start()]);
  globalThis.gc?.();
  const before = process.cpuUsage();
  // Each has its backlog as it is resumed: no run waits for the clock.
  const policy = { coalesce: false, misfireGraceTime: null };
  const startAt = new Date(Date.now() - (RUNS / JOBS) * 60_000);
  const ids = Array.from({ length: JOBS }, (_, n) => `job ${n}`);
  await scheduler.addJobs(
    ids.map((id) => ({
      id,
      task: 'noop',
      trigger: interval({ minutes: 1, startAt }),
      nextRunTime: startAt,
      ...policy,
    })),
  );
  await ended;
  const { user, system } = process.cpuUsage(before);
  await Promise.all([scheduler, worker, coordinator].map((each) => each.shutdown()));
  return (user + system) / RUNS;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
