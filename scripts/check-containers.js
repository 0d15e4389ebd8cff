// Tests the Dockerfile and docker-compose.yml with a container engine: builds the image, starts the cluster under its own
// name, kills the leader, scales the workers, stops, starts again with the same jobs, and removes everything.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MOST_MS = 30 * 60_000;
/** On a machine that is busy from building an image, several health checks in a row may take too long. */
const HEALTHY_MS = 5 * 60_000;
/** The stop_grace_period of docker-compose.yml. */
const GRACE_MS = 35_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const project = `carillon-check-${randomBytes(3).toString('hex')}`;
const image = `${project}:check`;
const env = { ...process.env, CARILLON_IMAGE: image, CARILLON_REDIS_PASSWORD: randomBytes(12).toString('hex') };
const ofProject = `label=com.docker.compose.project=${project}`;

const began = Date.now();
const say = (text) => console.log(`containers: ${((Date.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${text}`);
const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

const ending = new AbortController();
/** Ends running programs: nothing may still be starting while everything is removed. */
let { signal } = ending;

/** Runs a program; its output is shown only if it fails. */
function run(program, args, { timeout = 60_000, codes = [0] } = {}) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: root, env, timeout, signal, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error || codes.includes(error.code)) return resolve(stdout.trim());
      const why = error.killed ? `no end within ${seconds(timeout)}` : `ended with ${error.code ?? error.signal}`;
      const shown = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
      reject(new Error(`${program} ${args.join(' ')}: ${why}\n${shown}`));
    });
  });
}

const docker = (...args) => run('docker', args);
const answers = (program, args) =>
  run(program, args).then(
    () => true,
    () => false,
  );

/** Returns `docker compose`, or `docker-compose`, its first version. */
async function findCompose() {
  if (!(await answers('docker', ['info']))) throw new Error('no container engine answers `docker info`: start one');
  if (await answers('docker', ['compose', 'version'])) return ['docker', 'compose'];
  if (await answers('docker-compose', ['version'])) return ['docker-compose'];
  throw new Error('neither `docker compose` nor `docker-compose` is installed');
}

let program = [];
const compose = (args, options) => {
  const [name, ...before] = program;
  return run(name, [...before, '--file', 'docker-compose.yml', '--project-name', project, ...args], options);
};

/** Repeats `ask` until its result is not undefined, false or null, and returns it. */
async function until(what, ask, limitMs = 60_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds(limitMs)}: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Returns the containers of all servers or of one, with what the engine knows of them. */
async function containers(service) {
  const filters = service ? [ofProject, `label=com.docker.compose.service=${service}`] : [ofProject];
  const ids = await docker('ps', '--all', '--quiet', ...filters.flatMap((filter) => ['--filter', filter]));
  if (ids === '') return [];
  return JSON.parse(await docker('inspect', ...ids.split('\n'))).map(({ Id, Name, Config, State }) => {
    return { id: Id, name: Name.slice(1), service: Config.Labels['com.docker.compose.service'], state: State };
  });
}

const carillon = (id, args, codes) => run('docker', ['exec', id, 'carillon', ...args], { codes });
const answer = async (id, args, codes) => JSON.parse(await carillon(id, args, codes));

/** Returns the container of the coordinator that reports that it leads, with its epoch. */
async function leader() {
  const all = (await Promise.all(['coordinator-1', 'coordinator-2'].map(containers))).flat();
  for (const container of all.filter(({ state }) => state.Running)) {
    const text = await carillon(container.id, ['health'], [0, 1]);
    const epoch = text === '' ? null : (JSON.parse(text).jobStores.default?.epoch ?? null);
    if (epoch !== null) return { ...container, epoch };
  }
  return undefined;
}

/** Records what the cluster publishes from now on, in a container that is not killed. */
async function listen(id) {
  const events = [];
  const child = spawn('docker', ['exec', id, 'carillon', 'events', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => events.push(JSON.parse(line)));
  const isListening = new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => line.includes('listening') && resolve());
    child.on('exit', () => reject(new Error('`carillon events` ended')));
    setTimeout(reject, 30_000, new Error('`carillon events` does not listen within 30 s')).unref();
  });
  await isListening;
  return { all: events, of: (type) => events.filter((event) => event.type === type), stop: () => child.kill() };
}

async function healthy(count) {
  let all = [];
  const isHealthy = ({ state }) => state.Health?.Status === 'healthy';
  try {
    await until(
      `${count} healthy containers`,
      async () => {
        all = await containers();
        return all.length === count && all.every(isHealthy);
      },
      HEALTHY_MS,
    );
  } catch (error) {
    const others = all
      .filter((one) => !isHealthy(one))
      .map(({ name, state }) => {
        const last = state.Health?.Log?.at(-1);
        return `${name} is ${state.Health?.Status ?? state.Status}, ${last?.ExitCode} ${last?.Output?.trim() ?? 'never asked'}`;
      });
    throw new Error(`${error.message}; of ${all.length}, ${others.join('; ')}`);
  }
}

async function jobFires(events) {
  await carillonAdd('hello.world', '--id', 'greet', '--every', '1s', '--args', '["container"]');
  const first = await until('the job fires', () => events.of('job_executed').find(({ jobId }) => jobId === 'greet'));
  say(`a job fires: ${JSON.stringify(first.value)}`);
}

/** Checks that the console has the job, at the address and with the token of docker-compose.yml. */
async function consoleShows() {
  const address = await compose(['port', 'console', '7300']);
  const headers = { authorization: 'Bearer cct_for-trying-it-out' };
  const answer = await fetch(`http://${address}/v1/stores/default/jobs/greet`, { headers });
  if (!answer.ok) throw new Error(`the console answers ${answer.status}: ${await answer.text()}`);
  const page = await (await fetch(`http://${address}/`)).text();
  if (!page.includes('<title>')) throw new Error(`the console has no page: ${page.slice(0, 200)}`);
  say(`the console at ${address} has its page, and the job, whose next run is ${(await answer.json()).nextRunTime}`);
}

/** Adds a job as the docs show. */
const carillonAdd = (...args) => compose(['exec', '-T', 'coordinator-1', 'carillon', 'jobs', 'add', ...args]);

async function leaderIsKilled(events) {
  const killed = await until('a coordinator leads', leader);
  await compose(['kill', '-s', 'KILL', killed.service]);
  const at = Date.now();
  say(`killed ${killed.name}, which led in term ${killed.epoch}`);
  const next = await until('the other coordinator leads', leader);
  if (next.id === killed.id || next.epoch <= killed.epoch) throw new Error(`${next.name} leads in term ${next.epoch}`);
  const submitted = await until('the next fires', () =>
    events.of('job_submitted').find((event) => event.at > at && event.jobId === 'greet'),
  );
  const executed = await until('the next is executed', () =>
    events.of('job_executed').find(({ runId }) => runId === submitted.runId),
  );
  say(`${next.name} leads in term ${next.epoch}; the next fire ${seconds(executed.at - at)} after the kill`);
  await compose(['up', '--detach', '--no-build'], { timeout: 120_000 });
}

async function workersShare(events) {
  for (let n = 1; n <= 6; n++) {
    await carillonAdd('sleep.for', '--id', `sleep-${n}`, '--every', '1s', '--args', '[200]');
  }
  const before = events.all.length;
  await compose(['up', '--detach', '--no-build', '--scale', 'worker=3'], { timeout: 120_000 });
  const started = () => events.all.slice(before).filter(({ type }) => type === 'job_started');
  const shares = () => {
    const counts = new Map();
    for (const { workerId } of started()) counts.set(workerId, (counts.get(workerId) ?? 0) + 1);
    return [...counts.values()];
  };
  await until(
    'three workers run at least ten each',
    () => shares().filter((count) => count >= 10).length === 3,
    120_000,
  );
  say(`three workers share the runs: ${shares().join(', ')}`);
}

/** Checks that all containers are healthy, and that doctor knows three workers and finds no error. */
async function allIsWell() {
  await healthy(7);
  const [{ id }] = await containers('worker');
  const { jobStores, findings } = await answer(id, ['doctor', '--json'], [0, 1]);
  const [{ workers, counts }] = jobStores;
  if (workers.length !== 3) throw new Error(`doctor knows ${workers.length} workers, not 3`);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) throw new Error(`doctor finds ${JSON.stringify(errors)}`);
  const codes = findings.map(({ code }) => code).join(', ') || 'nothing';
  say(`all 7 containers are healthy; doctor knows 3 workers and ${counts.jobs} jobs, and finds ${codes}`);
}

/** Checks that all containers end with exit code 0, long before the engine would kill them. */
async function stops() {
  const at = Date.now();
  await compose(['stop'], { timeout: 2 * GRACE_MS });
  const took = Date.now() - at;
  const wrong = (await containers()).filter(({ state }) => state.Running || state.ExitCode !== 0);
  if (wrong.length > 0)
    throw new Error(wrong.map(({ name, state }) => `${name} ended with ${state.ExitCode}`).join(', '));
  if (took > GRACE_MS / 2) throw new Error(`stop took ${seconds(took)}`);
  say(`stop: all 7 containers ended with 0, within ${seconds(took)}`);
}

/** Removes the containers and makes them again; Redis has its data in the volume. */
async function comesBack() {
  await compose(['down'], { timeout: 120_000 });
  if ((await containers()).length > 0) throw new Error('down left containers behind');
  await compose(['up', '--detach', '--no-build'], { timeout: 120_000 });
  const worker = await until('a worker', async () => (await containers('worker'))[0]);
  const lines = (await carillon(worker.id, ['jobs', 'list', '--json'])).split('\n').filter((line) => line !== '');
  const ids = lines.map((line) => JSON.parse(line).id);
  if (ids.length !== 7) throw new Error(`after down and up, ${ids.length} of 7 jobs are there: ${ids.join(', ')}`);
  const events = await listen(worker.id);
  await until('the job fires again', () => events.of('job_executed').some(({ jobId }) => jobId === 'greet'));
  await healthy(5);
  events.stop();
  say('after down and up, all 7 jobs are there, and fire');
}

async function check() {
  program = await findCompose();
  await compose(['build'], { timeout: MOST_MS });
  const size = Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
  const user = await run('docker', ['run', '--rm', '--entrypoint', 'id', image, '-u']);
  if (user === '0') throw new Error('the image runs as root');
  say(`built: ${Math.round(size / 1e6)} MB with its base, runs as user ${user}`);

  await compose(['up', '--detach', '--no-build'], { timeout: 120_000 });
  await healthy(5);
  say('up: Redis, two coordinators, a worker and the console are healthy');
  const [worker] = await containers('worker');
  const events = await listen(worker.id);
  await jobFires(events);
  await consoleShows();
  await leaderIsKilled(events);
  await workersShare(events);
  await allIsWell();
  events.stop();
  await stops();
  await comesBack();
}

/** Removes everything of this project, including what a failure left. */
async function remove() {
  if (program.length === 0) return;
  await compose(['down', '--volumes', '--remove-orphans', '--timeout', '5'], { timeout: 120_000 });
  await run('docker', ['image', 'rm', '--force', image], { codes: [0, 1] });
  const kinds = [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ];
  const left = await Promise.all(kinds.map((kind) => docker(...kind, '--quiet', '--filter', ofProject)));
  if (left.some((ids) => ids !== '')) throw new Error(`left behind: ${left.join(' ').trim()}`);
  say('removed: no container, volume or network is left');
}

const tooLong = new Promise((_, reject) => {
  setTimeout(reject, MOST_MS, new Error(`not done within ${seconds(MOST_MS)}`)).unref();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => reject(new Error(`ended by ${name}`)));
});

try {
  await Promise.race([check(), tooLong]);
} catch (error) {
  say(`failed: ${error.message}`);
  ending.abort();
  signal = undefined;
  const logs = program.length > 0 ? await compose(['logs', '--no-color', '--tail', '20']).catch(() => '') : '';
  if (logs !== '') console.log(logs);
  process.exitCode = 1;
}
try {
  await remove();
} catch (error) {
  say(`failed: ${error.message}`);
  process.exitCode = 1;
}
process.exit();
