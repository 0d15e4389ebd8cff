import { Scheduler } from '@carillon/core';
import { ceilingOf } from './ceiling.js';
import { ownPrefix, seconds, start, until } from './cluster.js';
import { carillonCounted, startCounter } from './contenders/carillon.js';
import { latenessOf } from './lateness.js';
import { everySecond, regular } from './load.js';
import { onRedis } from './on-redis.js';
import { RedisMeter } from './redis-meter.js';
import { look, step } from './step.js';

const FULL = {
  search: { loads: { least: 60, from: 500, to: 64_000, within: 0.2 }, times: { warmUpS: 2, measuredS: 5 } },
  overloadS: 40,
  rounds: 2,
  giveUpS: 180,
};
const QUICK = {
  search: { loads: { least: 50, from: 50, to: 50, within: 0.2 }, times: { warmUpS: 0.5, measuredS: 1 } },
  overloadS: 3,
  rounds: 1,
  giveUpS: 30,
};

const FACTOR = 4;
/** The best steps are asked for more than was ever done, so that they have no time to spare. */
const ABOVE_MOST = 1.1;
const PROBES = 20;
const ON_TIME_MS = 100;
/** The first seconds are not counted: the backlog is not there yet. */
const FILLING_S = 3;

/**
 * Four times the load that Carillon keeps up with, then only probes, second by second: in turn, as many jobs that fire four times as often, and
 * four times as many jobs. If a load is given, it is not searched for. The listener that counts outcomes costs processor time, so the search
 * has it, too. A machine's speed changes, and the most of ten short steps is above the average of such a step. So the step with the most runs
 * is repeated right before and right after each flood, with a tenth more load, for as long as the flood is counted. The share is that of the mean of both.
 */
export async function overload({ quick, only }) {
  const settings = quick ? QUICK : FULL;
  const { search, overloadS, rounds } = settings;
  const ceiling = only ? { load: only.loads[0], mostAt: only.loads[0] } : await ceilingOf(carillonCounted, search);
  const times = { ...search.times, measuredS: Math.max(overloadS - FILLING_S, search.times.measuredS) };
  const asked = Math.round(ABOVE_MOST * ceiling.mostAt);
  const best = async () => (await step(carillonCounted, asked, times)).runsPerSecond;
  const kinds = kindsOf(ceiling.load);
  const floods = Array.from({ length: rounds }, () => kinds).flat();
  const report = { overload: [], shares: [], fires: [], watched: [] };
  let before = await best();
  for (const kind of floods) {
    const { watched, account, onTime } = await onRedis((redis) => flood(redis, kind, settings));
    const after = await best();
    report.overload.push({ ...kind, ...summary({ best: { before, after }, watched, overloadS, onTime }) });
    report.fires.push({ ...kind, ...fires(account) });
    report.watched.push(...watched.map((row) => ({ jobs: kind.jobs, ...row })));
    before = after;
  }
  report.shares = kinds.map((kind) => ({ ...kind, ...shareOf(report.overload, kind) }));
  return report;
}

/** The share of all floods of a kind: the runs of all, compared with the mean of all steps beside them. */
function shareOf(floods, { jobs }) {
  const same = floods.filter((flood) => flood.jobs === jobs);
  const sum = (figure) => same.reduce((total, flood) => total + figure(flood), 0);
  const best = sum(({ bestBefore, bestAfter }) => (bestBefore + bestAfter) / 2);
  return { floods: same.length, share: Number((sum(({ runsPerSecond }) => runsPerSecond) / best).toFixed(2)) };
}

const kindsOf = (load) => [
  { load: FACTOR * load, jobs: load, everyMs: 1_000 / FACTOR },
  { load: FACTOR * load, jobs: FACTOR * load, everyMs: 1_000 },
];

async function flood(redis, { load, jobs, everyMs }, { overloadS, giveUpS }) {
  const place = { redis, prefix: ownPrefix() };
  const members = {
    coordinator: await start('coordinator.js', place),
    worker: await start('worker.js', place),
    counter: await startCounter(place, everyMs),
  };
  const meter = new RedisMeter(redis);
  const scheduler = new Scheduler(place);
  const begin = Date.now() + 2_000 + jobs / 10;
  const ends = begin + overloadS * 1_000;
  const flooding = regular({ jobs, everyMs }, { begin, ends: ends - 1 });
  await scheduler.addJobs([...probes(begin), ...halfWithGrace(flooding)]);

  await until(begin);
  const watched = [];
  const account = { asked: load * overloadS, executed: 0 };
  let onTime = 0;
  let last = await look(members, meter);
  while (onTime < 2 || left(account) !== 0) {
    if (Date.now() > ends + giveUpS * 1_000) break;
    await seconds(1);
    const sample = await look(members, meter);
    const row = { ...second(sample, (Date.now() - begin) / 1_000), ...busy(last, sample) };
    last = sample;
    watched.push(row);
    account.executed += row.runs;
    Object.assign(account, sample.counter.fires, { lostEvents: sample.counter.lost });
    onTime = Date.now() > ends && row.probeWorst !== null && row.probeWorst <= ON_TIME_MS ? onTime + 1 : 0;
  }
  await scheduler.shutdown();
  await meter.close();
  await Promise.all(Object.values(members).map((member) => member.stop()));
  return { watched, account, onTime };
}

const probes = (begin) =>
  everySecond(PROBES, { begin }).map((job) => ({ ...job, id: `probe-${job.id}`, task: 'probe', coalesce: false }));

/** Half of the jobs must not run more than 2 s late; all are coalesced, with one instance. */
const halfWithGrace = (jobs) => jobs.map((job, index) => (index % 2 ? { ...job, misfireGraceTime: '2s' } : job));

function second({ coordinator, worker, redis }, at) {
  return {
    at: Number(at.toFixed(1)),
    runs: latenessOf(worker.lateness.noop).count,
    probeWorst: latenessOf(worker.lateness.probe).worst,
    redisMiB: mebibytes(redis.memory),
    coordinatorMiB: mebibytes(coordinator.rss),
    workerMiB: mebibytes(worker.rss),
  };
}

/** Returns the share of a core that each process had since the last look, %. */
const busy = (last, sample) =>
  Object.fromEntries(
    Object.entries(sample).map(([name, { at, cpuMs }]) => {
      const share = (cpuMs - last[name].cpuMs) / (at - last[name].at);
      return [`${name}Busy`, Math.round(100 * share)];
    }),
  );

const mebibytes = (bytes) => Math.round(bytes / 2 ** 20);

function summary({ best, watched, overloadS, onTime }) {
  const under = watched.filter(({ at }) => at > FILLING_S && at <= overloadS);
  const counted = under.length > 0 ? under : watched;
  const spent = counted.at(-1).at - (watched[watched.indexOf(counted[0]) - 1]?.at ?? 0);
  const runsPerSecond = Math.round(counted.reduce((sum, { runs }) => sum + runs, 0) / spent);
  const late = watched.findLast(
    ({ at, probeWorst }) => at > overloadS && !(probeWorst !== null && probeWorst <= ON_TIME_MS),
  );
  const most = (name) => Math.max(...watched.map((row) => row[name]));
  return {
    bestBefore: best.before,
    bestAfter: best.after,
    runsPerSecond,
    share: Number(((2 * runsPerSecond) / (best.before + best.after)).toFixed(2)),
    onTimeAfterS: onTime < 2 ? null : Number(((late?.at ?? overloadS) - overloadS).toFixed(1)),
    redisMiB: most('redisMiB'),
    coordinatorMiB: most('coordinatorMiB'),
    workerMiB: most('workerMiB'),
  };
}

const OUTCOMES = ['executed', 'coalesced', 'missed', 'maxInstances', 'error', 'cancelled'];
const left = (account) => account.asked - OUTCOMES.reduce((sum, name) => sum + (account[name] ?? 0), 0);
const fires = (account) => ({ ...account, unaccounted: left(account) });
