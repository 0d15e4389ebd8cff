/**
 * What the scripts of a run cost Redis, in thousands of instructions a run. Valgrind counts them, so a busy machine does not change them.
 * `node benchmarks/instructions.js [runs] [page] [pack] [date | late]`, after `npm run build`, with Debian's `valgrind` and `redis-server`
 * installed. `date` measures jobs that fire once instead of jobs that go on. `late` measures jobs that go on, in an overload: other fire
 * times are coalesced into each run, and the distance between two runs changes each time.
 * Set CALLGRIND_OUT to a folder to keep what callgrind writes for each step.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { date, interval, Scheduler } from '@carillon/core';
import { RedisBackend } from '@carillon/redis';
import { ClaimPlanner } from '../packages/coordinator/dist/claim-planner.js';
import { settlementOf } from '../packages/worker/dist/settlement.js';

const [RUNS = 1_000, PAGE = 200, PACK = 100] = process.argv.slice(2, 5).map(Number);
const FIRE_ONCE = process.argv[5] === 'date';
const IS_LATE = process.argv[5] === 'late';
const ROUNDS = IS_LATE ? 11 : 4;
/** The rounds before are not counted: from this one on, scripts are compiled, and jobs have run before. */
const FIRST_COUNTED = 3;
/** When a round begins, in seconds after the first. */
const beginOf = (round) => (IS_LATE ? 3 * round + (round % 2) : round);
const OTHERS = 700;
const JOB_STORE = 'default';
const EPOCH = 1;
const run = promisify(execFile);
const logger = { debug() {}, info() {}, warn() {}, error() {} };

const folder = process.env.CALLGRIND_OUT ?? (await mkdtemp(join(tmpdir(), 'carillon-instructions-')));
const port = await freePort();
const server = spawn(
  'valgrind',
  [
    '--tool=callgrind',
    '--instr-atstart=no',
    `--callgrind-out-file=${folder}/out`,
    '--log-file=/dev/null',
    'redis-server',
    ...['--port', String(port), '--save', '', '--appendonly', 'no', '--hz', '1'],
  ],
  { stdio: 'ignore', cwd: folder },
);
try {
  await measure(`redis://127.0.0.1:${port}`);
} finally {
  server.kill('SIGKILL');
  await once(server, 'exit');
  if (!process.env.CALLGRIND_OUT) await rm(folder, { recursive: true, force: true });
}

async function measure(redis) {
  const first = Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000;
  let now = first - 1_000;
  const backend = new RedisBackend({ redis, report: () => {}, fail: 'never', now: () => now });
  await until(() => backend.client.ping());
  const keys = backend.keys(JOB_STORE);
  await backend.client.mset(keys.format, '3 1', keys.epoch, EPOCH, keys.accountsFrom, '1');
  const scheduler = new Scheduler({ redis, logger });
  for (let from = 0; from < OTHERS; from += 5) {
    await Promise.all(Array.from({ length: 5 }, () => scheduler.enqueue('other')));
  }
  const jobs = (name, trigger) =>
    Array.from({ length: RUNS }, (_, index) => ({ id: `${name}-${index}`, task: 'noop', trigger }));
  if (FIRE_ONCE) {
    for (const round of [0, 1, 2, 3]) {
      await scheduler.addJobs(jobs(`job-${round}`, date(new Date(first + round * 1_000))));
    }
  } else await scheduler.addJobs(jobs('job', interval({ seconds: 1, startAt: new Date(first) })));
  await scheduler.shutdown();

  const { terms, ledger } = backend.jobStore(JOB_STORE);
  const planner = new ClaimPlanner({ jobStore: JOB_STORE, clock: { now: () => now }, patienceMs: 10_000 });
  let runsCounted = 0;
  const counted = { due: 0, claim: 0, confirmQueued: 0, start: 0, settle: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    now = first + beginOf(round) * 1_000 + 500;
    const count = round >= FIRST_COUNTED ? (step, work) => counting(counted, step, work) : (_, work) => work();
    if (round === FIRST_COUNTED - 1) await run('callgrind_control', ['-i', 'on', String(server.pid)]);
    for (let done = 0; done < RUNS; done += PAGE) {
      const page = await count('due', () => terms.due(PAGE));
      const { claims } = planner.plan(page);
      const named = claims.map((claim, index) => ({
        ...claim,
        deliveryId: `d${round}${done}-${Math.floor(index / PACK)}`,
      }));
      const { value } = await count('claim', () => terms.claim({ epoch: EPOCH, claims: named }));
      if (!value.every((one) => one === 'submitted')) throw new Error('not all runs were submitted');
      const runs = named.map(({ run: { runId }, deliveryId }) => ({ runId, deliveryId }));
      const ids = [...new Set(runs.map(({ deliveryId }) => deliveryId))];
      const deliveries = ids.map((id) => ({
        id,
        runIds: runs.flatMap(({ runId, deliveryId }) => (deliveryId === id ? runId : [])),
      }));
      await count('confirmQueued', () => terms.confirmQueued({ epoch: EPOCH, deliveries }));
      if (round >= FIRST_COUNTED) runsCounted += runs.length;
      now += 5;
      for (let from = 0; from < runs.length; from += PACK) await work(ledger, runs.slice(from, from + PACK), count);
    }
  }
  await backend.close();
  const steps = Object.entries(counted).map(([step, instructions]) => [
    step,
    (instructions / runsCounted / 1_000).toFixed(1),
  ]);
  const all = Object.values(counted).reduce((sum, one) => sum + one, 0) / runsCounted / 1_000;
  console.table(Object.fromEntries([...steps, ['all', all.toFixed(1)]]));
}

/** Makes the calls of a worker for a delivery. */
async function work(ledger, pack, count) {
  const [{ deliveryId }] = pack;
  const token = `t${deliveryId}`;
  const runIds = pack.map(({ runId }) => runId);
  const worker = { workerId: 'worker-0123456789', leaseMs: 10_000, maxWorkerLosses: 3 };
  const started = await count('start', () => ledger.start({ deliveryId, runIds, token, ...worker }));
  const ended = { outcome: 'executed', json: 'null' };
  const settlements = started.map(({ run }) => settlementOf(run, token, 0, ended, undefined));
  const settled = await count('settle', () => ledger.settle({ op: token, settlements }));
  if (!settled.every((one) => one === 'settled')) throw new Error('not all runs were settled');
}

async function counting(counted, step, work) {
  await run('callgrind_control', ['-z', String(server.pid)]);
  const result = await work();
  const before = new Set(await readdir(folder));
  await run('callgrind_control', [`-d=${step}`, String(server.pid)]);
  const [dump] = (await readdir(folder)).filter((name) => !before.has(name));
  const text = await readFile(join(folder, dump), 'utf8');
  counted[step] += Number(/^(?:summary|totals): (\d+)/m.exec(text)[1]);
  return result;
}

async function until(attempt) {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 100) throw error;
      await delay(200);
    }
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  await once(probe, 'close');
  return free;
}
