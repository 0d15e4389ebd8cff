// Breaks one promise at a time in a copy of the tree. Reports after how many seeds the simulation finds it, or whether the
// named unit test does. A check that cannot fail proves nothing. Exit codes: 1 if one is not found, 2 if options are wrong.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';
import { copyOfTree } from './mutations/copy.js';
import { MUTATIONS } from './mutations/list.js';
import { LUA_MUTATIONS } from './mutations/lua.js';
import { mutationOptions, USAGE } from './mutations/options.js';
import { UNIT_MUTATIONS } from './mutations/unit.js';

const LONGEST_TEST_MS = 300_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const { only, seeds, part, parts } = optionsOf(process.argv.slice(2));

const chosen = [...UNIT_MUTATIONS, ...LUA_MUTATIONS, ...MUTATIONS]
  .filter(({ what }) => only.some((text) => what.includes(text)))
  .filter((_, place) => place % parts === part - 1);
const inTests = chosen.filter(({ test }) => test !== undefined);
const inSimulation = chosen.filter(({ test }) => test === undefined);
const misfits = chosen.filter((mutation) => placesOf(mutation, root) !== 1);
if (chosen.length === 0) {
  console.error('none of the mutations is chosen: see their names in scripts/mutations');
  process.exit(2);
}
if (misfits.length > 0) {
  const named = misfits.map(
    (mutation) => `  ${mutation.what}: ${mutation.file} has ${placesOf(mutation, root)} such places`,
  );
  console.error(['scripts/mutations does not fit the sources any more: adapt it', ...named].join('\n'));
  process.exit(1);
}

const copy = copyOfTree(root);
try {
  const found = [];
  for (const test of new Set(inTests.map((mutation) => mutation.test))) {
    const clean = runTest(test);
    if (clean.failed.length > 0) throw new Error(`${test} fails before anything is broken:\n${clean.text}`);
  }
  for (const mutation of inTests) {
    const { failed } = withMutation(mutation, () => runTest(mutation.test));
    found.push(failed.length > 0);
    report(failed.length > 0 ? 'found    ' : 'NOT FOUND', mutation.what, failed[0] ?? mutation.test);
  }
  if (inSimulation.length > 0) build();
  for (const inRedis of new Set(inSimulation.map((mutation) => mutation.inRedis ?? false))) {
    const clean = simulate(inRedis);
    if (clean.seed !== null) throw new Error(`the simulation fails before anything is broken:\n${clean.text}`);
  }
  for (const mutation of inSimulation) {
    const inRedis = mutation.inRedis ?? false;
    const { seed, why } = withMutation(mutation, () =>
      inRedis ? simulate(true) : withBuilt(mutation.file, () => simulate(false)),
    );
    found.push(seed !== null);
    report(seed === null ? 'NOT FOUND' : `seed ${String(seed).padStart(4)}`, mutation.what, why);
  }
  const missed = found.filter((isFound) => !isFound).length;
  console.log(`${found.length - missed} of ${found.length} found, by tests or within ${seeds} seeds each`);
  if (missed > 0) process.exitCode = 1;
} finally {
  copy.remove();
}

/** Returns how often the text that a mutation replaces occurs. */
function placesOf({ file, find }, folder) {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
}

function withMutation({ file, find, replace }, use) {
  const path = join(copy.path, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    return use();
  } finally {
    writeFileSync(path, source);
  }
}

/**
 * Replaces the built file of a source with the current source while `use` runs. The types are only stripped: a build takes longer than
 * most mutations need to be found, and refuses a mutation that leaves a name unused.
 */
function withBuilt(file, use) {
  const built = join(copy.path, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
  const before = readFileSync(built, 'utf8');
  const { code, errors } = transformSync(file, readFileSync(join(copy.path, file), 'utf8'), {
    lang: 'ts',
    target: 'es2023',
  });
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join(', ')}`);
  writeFileSync(built, code);
  try {
    return use();
  } finally {
    writeFileSync(built, before);
  }
}

/** Returns the options. Ends the process after printing the help, or with exit code 2 if they are wrong. */
function optionsOf(args) {
  try {
    const options = mutationOptions(args);
    if (options) return options;
    console.log(USAGE);
    return process.exit();
  } catch ({ message }) {
    console.error(`${message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

function report(how, what, why) {
  console.log(`${how}  ${what}\n           ${why}`);
}

/** Runs a test file, and returns the tests that fail, each with its reason. */
function runTest(test) {
  const args = ['run', test];
  const { stdout, stderr, signal } = spawnSync(join(root, 'node_modules/.bin/vitest'), args, {
    cwd: copy.path,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    // A test that never ends has found the mutation, too.
    timeout: LONGEST_TEST_MS,
    killSignal: 'SIGKILL',
  });
  if (signal) return { failed: [`it did not end within ${LONGEST_TEST_MS / 1_000} s`], text: '' };
  const text = stdout + stderr;
  if (!/^\d+ passed, \d+ failed$/m.test(text)) throw new Error(`${test} broke off:\n${text.slice(-2_000)}`);
  return { failed: [...text.matchAll(/^failed test: (.*)$/gm)].map(([, why]) => why.slice(0, 150)), text };
}

function build() {
  run(['tsc', '-b']);
  run(['tsc', '-p', 'test/simulation']);
}

/** Returns the first seed that fails, counted from 1, with the reason; `seed` is null if none fails. */
function simulate(inRedis) {
  const args = ['--seeds', seeds, '--until-found', ...(inRedis ? ['--redis'] : [])];
  const { stdout } = spawnSync('node', ['test/simulation/dist/main.js', ...args], {
    cwd: copy.path,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (!/^violations: \d+$/m.test(stdout)) throw new Error(`the simulation broke off:\n${stdout.slice(-2_000)}`);
  const [, seed] = /^seed (\d+) \(.*\): \d+ violations$/m.exec(stdout) ?? [];
  const [, why = ''] = /^seed \d+ .*\n {2}(.*)$/m.exec(stdout) ?? [];
  return { seed: seed === undefined ? null : Number(seed), why: why.slice(0, 150), text: stdout.slice(-3_000) };
}

function run([command, ...args]) {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: copy.path,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`);
}
