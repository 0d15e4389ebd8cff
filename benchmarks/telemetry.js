/**
 * What telemetry costs a run in processor time: `node --expose-gc --max-semi-space-size=64 benchmarks/telemetry.js [rounds] [turns]
 * [jobs]`, after `npm run build`. The second flag makes garbage collections rare: each one falls on one kind by chance.
 *
 * Each round has a cluster of each kind in this process, made in a random order. In each turn, one second passes in every cluster, in a
 * random order: each job has one run. A kind is compared with both kinds that are off in the same turn, a few hundredths of a second
 * apart: other work on the machine slows all of them. A round gives the medians of these differences; the bounds are those of the mean of
 * all rounds. Before and after, a coordinator, a worker and Redis run at the ceiling. A cost is given as a part of what a run takes there
 * in all three processes.
 */
import { context, propagation } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { metrics } from 'carillon/metrics';
import { tracing } from 'carillon/opentelemetry';
import { Registry } from 'prom-client';
import { carillon } from './contenders/carillon.js';
import { step } from './step.js';
import { SteppedCluster } from './stepped-cluster.js';

const [ROUNDS = 30, TURNS = 41, JOBS = 100] = process.argv.slice(2).map(Number);
/**
 * Turns at the start of a round that only warm up the compiler, and how many times as many the first round has. At the ceiling, too, about
 * ten thousand runs come before the measured ones.
 */
const [WARM_UP, FIRST_TIMES] = [20, 10];
/** More runs a second than are possible. */
const CEILING = { load: 15_000, times: { warmUpS: 4, measuredS: 6 } };
/** How many runs, and how many fires, `tracing()` traces in a second. */
const TRACES_PER_SECOND = 100;

// The SDK is set up for all kinds: its own cost is the choice of its user. So is the cost of `AsyncLocalStorage` from its first use on.
const manager = new AsyncLocalStorageContextManager().enable();
context.setGlobalContextManager(manager);
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
manager.with(context.active(), () => {});
const traced = (tracesPerSecond) => () => tracing({ provider: new BasicTracerProvider(), tracesPerSecond });
const KINDS = {
  off: () => undefined,
  'off again': () => undefined,
  metrics: () => metrics(new Registry()),
  'no SDK': () => tracing(),
  'not traced': traced(0),
  'metrics, and not traced': () => [metrics(new Registry()), traced(0)()],
  traced: traced(Number.POSITIVE_INFINITY),
};
const COMPARED = Object.keys(KINDS).slice(1);

const atCeiling = [await ceiling()];
const rounds = [];
for (let round = 0; round < ROUNDS; round++)
  rounds.push(await differences(round === 0 ? FIRST_TIMES * WARM_UP : WARM_UP));
atCeiling.push(await ceiling());

const aRun = mean(atCeiling.map(({ us }) => us));
const runsPerSecond = mean(atCeiling.map(({ runsPerSecond }) => runsPerSecond));
const offUs = mean(rounds.map(({ off }) => off));
console.log(`at the ceiling: ${runsPerSecond.toFixed(0)} runs a second, ${aRun.toFixed(0)} µs of all processes a run`);
console.log(`off: ${offUs.toFixed(1)} µs a run, in one process and without Redis`);
for (const kind of COMPARED) show(kind, (round) => round[kind]);
const share = Math.min(1, TRACES_PER_SECOND / runsPerSecond);
const ofTraced = (round) => share * (round.traced - round['not traced']);
show(
  `traces at the default rate (${(100 * share).toFixed(1)} % traced)`,
  (round) => round['not traced'] + ofTraced(round),
);
show('metrics, and traces at the default rate', (round) => round['metrics, and not traced'] + ofTraced(round));
process.exit();

function show(what, of) {
  const all = rounds.map(of);
  const [middle, beside] = [mean(all), boundOf(all)];
  const percent = (us) => ((100 * us) / aRun).toFixed(1);
  const bounds = `${percent(middle - beside)} to ${percent(middle + beside)}`;
  console.log(`${what}: ${middle.toFixed(2)} µs a run, ${percent(middle)} % of the ceiling (95 %: ${bounds})`);
}

/** Returns what each kind takes more than off, µs a run. */
async function differences(warmUp) {
  const clusters = {};
  for (const kind of shuffled(Object.keys(KINDS))) {
    clusters[kind] = new SteppedCluster(JOBS, KINDS[kind]());
    await clusters[kind].start();
  }
  globalThis.gc?.();
  const turns = [];
  for (let turn = -warmUp; turn < TURNS; turn++) {
    const costs = {};
    for (const kind of shuffled(Object.keys(KINDS))) costs[kind] = await clusters[kind].step();
    if (turn >= 0) turns.push(costs);
  }
  for (const cluster of Object.values(clusters)) await cluster.stop();
  const over = (kind) => {
    const others = kind === 'off again' ? ['off'] : ['off', 'off again'];
    return median(turns.flatMap((costs) => others.map((off) => costs[kind] - costs[off])));
  };
  const off = median(turns.flatMap((costs) => [costs.off, costs['off again']]));
  return { off, ...Object.fromEntries(COMPARED.map((kind) => [kind, over(kind)])) };
}

async function ceiling() {
  const { coordinatorUs, workerUs, redisUs, runsPerSecond } = await step(carillon, CEILING.load, CEILING.times);
  return { us: coordinatorUs + workerUs + redisUs, runsPerSecond };
}

/** Returns the 95 % bound of the distance of the true mean from the mean of these rounds: by Student's t, for 10 rounds and more. */
function boundOf(values) {
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  return (values.length < 30 ? 2.2 : 2.05) * Math.sqrt(variance / values.length);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function shuffled(items) {
  return items
    .map((item) => ({ item, by: Math.random() }))
    .toSorted((a, b) => a.by - b.by)
    .map(({ item }) => item);
}
