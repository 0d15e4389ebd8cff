// Packs every package, installs the tarballs into an empty folder as a user would, compiles the README's examples there
// with the strictest settings, runs them against their own Redis, and loads the package with require().
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRedis } from 'carillon/local-redis';
import { Redis } from 'ioredis';
import { checkLicenses, checkManifest, checkNoSourceMaps } from './check-packages/contents.js';
import { checkFootprint } from './check-packages/footprint.js';
import { checkNest } from './check-packages/nest.js';
import { checkJest, checkTypes } from './check-packages/settings.js';
import { packInto } from './pack.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'carillon-packed-'));
const app = join(folder, 'app');
const say = (text) => console.log(`packages: ${text}`);
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] }).toString();

const redis = await startRedis();
try {
  mkdirSync(app);
  const tarballs = packInto(folder);
  const ofFolder = tarballs.map((name) => join(folder, name));
  for (const name of ofFolder) run('npx', ['publint', '--strict', name], root);
  say('publint finds nothing in what is packed');
  if (!tarballs.some((name) => run('tar', ['tzf', join(folder, name)]).includes('lua/claim.lua'))) {
    throw new Error('no tarball holds the Lua scripts');
  }
  if (!tarballs.some((name) => run('tar', ['tzf', join(folder, name)]).includes('dist/page/index.html'))) {
    throw new Error('no tarball holds the page of the console');
  }
  if (!run('tar', ['tzf', join(folder, nameOfMain(tarballs))]).includes('package/docs/getting-started.md')) {
    throw new Error('the package carillon does not bring the docs');
  }
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  const peers = ['@opentelemetry/api@1', 'prom-client@15', 'standardwebhooks@1', 'yaml@2'];
  const extra = ['typescript@7', 'typescript5@npm:typescript@5.9', '@types/node@20', 'jest@30', ...peers];
  run('npm', ['install', '--loglevel=error', ...ofFolder, ...extra], app);
  say(`${tarballs.length} tarballs installed into an empty folder`);

  writeReadme();
  cpSync(join(root, 'scripts', 'check-packages', 'app'), join(app, 'checks'), { recursive: true });
  run('npx', ['tsc'], app);
  say("the README's examples compile, and all entries do, with skipLibCheck false");
  run('node', ['checks/entries.js'], app);
  run('node', ['checks/program.js'], app);
  say('packages share their classes; threads, child processes, the page and the API of the console are found');

  const scoped = ['core', 'redis', 'coordinator', 'worker', 'console', 'nestjs'].map((name) => `@carillon/${name}`);
  const installed = ['carillon', ...scoped].map((name) => join(app, 'node_modules', name));
  for (const one of installed) {
    checkManifest(one);
    checkNoSourceMaps(one);
  }
  checkLicenses(installed);
  say('manifests say where the project is, there are no source maps, and what is bundled brings its licenses');

  run('node', ['-e', "if (!require('carillon').Carillon) throw new Error('nothing to require')"], app);
  run('node', ['-e', "if (!require('@carillon/console').createConsole) throw new Error('nothing to require')"], app);
  run('node', ['-e', "if (!require('@carillon/console/node').listen) throw new Error('nothing to require')"], app);
  run('node', ['-e', "if (!require('carillon/testing').testCluster) throw new Error('nothing to require')"], app);
  run('node', ['-e', "if (!require('carillon/node-cron').schedule) throw new Error('nothing to require')"], app);
  const imported =
    "import cron, { schedule } from 'carillon/node-cron'; if (cron.schedule !== schedule) process.exit(1)";
  run('node', ['--input-type=module', '-e', imported], app);
  say('require() works');

  checkTypes(app, run);
  say("types are found with TypeScript's older settings, and what they compile to runs");
  checkJest(app, join(root, 'examples', 'testing'), run);
  say('the examples of docs/testing.md run in Jest');

  await runInMemory();
  say("the README's first example runs with nothing but Node.js: no Redis, and nothing of its clients is installed");
  say('a redis is refused where its package is not there, or is of another core');

  await runExamples();
  say("the README's examples run");
  checkCommands();
  say('the command line works');

  await checkNest({ root, folder, tarballs: ofFolder, redis: redis.url, run, until });
  say('the application of docs/nestjs.md runs with NestJS 11 and 12');
  for (const line of checkFootprint(folder, ofFolder, run)) say(line);
} finally {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

function nameOfMain(tarballs) {
  return tarballs.find((name) => /^carillon-\d/.test(name));
}

/** Writes the README's code: the first block is the example in one process; the other blocks name their files. */
function writeReadme() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('redis://localhost:6379', redis.url);
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  for (const code of blocks) {
    const file = /^\/\/ (\w+)\.ts/.exec(code)?.[1] ?? 'in-memory';
    writeFileSync(join(app, `${file}.ts`), code);
    if (file === 'in-memory') writeFileSync(join(app, 'all-in-one.ts'), withRedis(readme, code));
  }
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', 'checks/*.ts'] }));
}

/** Returns the first example with the changed line that the README's diff shows. */
function withRedis(readme, code) {
  const [, changed = ''] = /```diff\n([\s\S]*?)```/.exec(readme) ?? [];
  const lines = changed.trimEnd().split('\n');
  const before = lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
  const after = lines.map((line) => line.slice(1));
  if (!code.includes(before.join('\n'))) throw new Error("the README's diff does not fit its first example");
  return code.replace(before.join('\n'), after.join('\n'));
}

/** Runs the first example, each second instead of at nine, without the packages for Redis. */
async function runInMemory() {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  const code = readFileSync(join(app, 'in-memory.js'), 'utf8').replace(/cron\('0 9 [^)]*\)/, "cron('* * * * * *')");
  writeFileSync(join(bare, 'in-memory.js'), code);
  writeFileSync(join(bare, 'package.json'), JSON.stringify({ name: 'bare', private: true, type: 'module' }));
  cpSync(join(app, 'node_modules'), join(bare, 'node_modules'), {
    recursive: true,
    filter: (path) => !/node_modules\/(ioredis|bullmq|redlock|@carillon\/redis|typescript5?|jest)$/.test(path),
  });
  const child = spawn('node', ['in-memory.js'], { cwd: bare, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    await until(() => output.includes('report for eu') && output.includes('no redis was given'));
  } finally {
    child.kill('SIGKILL');
  }
  refuseRedis(bare, 'was not loaded');
  // With its own copy of core, the package for Redis registers itself there.
  const ofRedis = join(bare, 'node_modules', '@carillon', 'redis');
  for (const name of ['@carillon/redis', 'bullmq', 'ioredis', 'redlock']) {
    cpSync(join(app, 'node_modules', name), join(bare, 'node_modules', name), { recursive: true });
  }
  cpSync(join(app, 'node_modules', '@carillon', 'core'), join(ofRedis, 'node_modules', '@carillon', 'core'), {
    recursive: true,
  });
  refuseRedis(bare, 'uses another copy of @carillon/core');
}

/** Checks that a `redis` that cannot be used throws `InvalidOptionsError` with the reason. */
function refuseRedis(folder, why) {
  const program = `
    const { InvalidOptionsError, Scheduler } = await import('@carillon/core');
    try {
      new Scheduler({ redis: 'redis://localhost:6379' });
      console.log('it was taken');
    } catch (error) {
      console.log(error instanceof InvalidOptionsError, error.message);
    }`;
  const said = run('node', ['--input-type=module', '-e', program], folder);
  if (!said.startsWith('true redis: ') || !said.includes(why)) throw new Error(`not refused as it ${why}: ${said}`);
}

/** Checks that the all-in-one example adds its job, and that the split worker executes what the producer enqueues. */
async function runExamples() {
  const client = new Redis(redis.url);
  const subscriber = new Redis(redis.url);
  const servers = ['all-in-one', 'coordinator', 'worker'].map((name) => {
    return spawn('node', [`${name}.js`], { cwd: app, stdio: 'inherit' });
  });
  try {
    await until(async () => (await client.hexists('{carillon:default}:jobs', 'daily-eu')) === 1);
    await until(async () => (await client.zcard('{carillon:default}:workers')) === 2);
    // The example in one process has another task map: only the split worker may take what the producer enqueues.
    servers[0].kill('SIGKILL');
    const executed = new Promise((resolve) => {
      subscriber.on('message', (_channel, message) => JSON.parse(message).task === 'mail.send' && resolve());
    });
    await subscriber.subscribe('{carillon:default}:events:job_executed');
    run('node', ['producer.js'], app);
    await Promise.race([executed, fail(120, 'nothing was executed')]);
  } finally {
    for (const server of servers) server.kill('SIGKILL');
    client.disconnect();
    subscriber.disconnect();
  }
}

/** Runs commands as a terminal does: each command is in its own files. */
function checkCommands() {
  const carillon = (...args) => run('npx', ['carillon', ...args], app);
  const listed = carillon('jobs', 'list', '--redis', redis.url);
  const { version } = JSON.parse(readFileSync(join(root, 'packages/carillon/package.json'), 'utf8'));
  const next = carillon('next', '0 9 * * *');
  const found = [listed.includes('daily-eu'), carillon('--version').includes(version), next.includes('09:00:00')];
  if (found.some((one) => !one)) throw new Error(`a command printed something else: ${listed}, ${found}`);
}

async function until(check) {
  for (let tries = 0; tries < 1_200; tries++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within 2 minutes: ${check}`);
}

function fail(seconds, why) {
  return new Promise((_, reject) => setTimeout(() => reject(new Error(why)), seconds * 1_000).unref());
}
