/**
 * The size of installed packages, and the time to load them, compared with alternatives. It installs from npm's registry,
 * and reads processor time from Linux. `npm run build && node benchmarks/footprint.js`
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from '../scripts/pack.js';

const ROUNDS = 9;
const MAIN = join('node_modules', 'carillon', 'dist', 'cli', 'main.js');

/** What is installed, and what is then imported or run. */
const SUBJECTS = [
  {
    name: 'carillon',
    tarballs: /carillon-(\d|coordinator|core|redis|worker)/,
    starts: { carillon: imported('carillon'), 'carillon --help': [MAIN, '--help'] },
  },
  {
    name: '@carillon/core',
    tarballs: /carillon-(core|redis)/,
    starts: { '@carillon/core': imported('@carillon/core') },
  },
  { name: 'bullmq', starts: { bullmq: imported('bullmq') } },
  { name: 'croner', starts: { croner: imported('croner') } },
  { name: 'node-cron', starts: { 'node-cron': imported('node-cron') } },
  { name: 'pg-boss', starts: { 'pg-boss': imported('pg-boss') } },
  { name: 'agenda', starts: { agenda: imported('agenda') } },
];

const folder = mkdtempSync(join(tmpdir(), 'carillon-footprint-'));
try {
  const packed = packInto(folder);
  const installed = [];
  const started = [{ start: 'node -e 0', ...measured(['-e', '0'], folder) }];
  for (const subject of SUBJECTS) {
    const app = join(folder, subject.name.replace('/', '+'));
    installed.push({ package: subject.name, ...install(subject, app, packed) });
    for (const [start, args] of Object.entries(subject.starts)) started.push({ start, ...measured(args, app) });
  }
  console.table(installed);
  console.table(started);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function imported(name) {
  return ['--input-type=module', '-e', `import '${name}'`];
}

/** Installs our own packages as packed; of other packages, the version that this workspace uses, or else the newest. */
function install({ name, tarballs }, app, packed) {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  const own = packed.filter((file) => tarballs?.test(file)).map((file) => join(app, '..', file));
  const flags = ['--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...flags, ...(own.length > 0 ? own : [`${name}@${versionOf(name)}`])], app);
  const { packages } = JSON.parse(readFileSync(join(app, 'node_modules', '.package-lock.json'), 'utf8'));
  const [kib] = run('du', ['-sk', 'node_modules'], app).split('\t');
  return { packages: Object.keys(packages).length, MB: Math.round(Number(kib) / 102.4) / 10 };
}

function versionOf(name) {
  const { devDependencies } = createRequire(import.meta.url)('../package.json');
  return devDependencies[name] ?? 'latest';
}

/** The median of some starts of Node.js, ms. */
function measured(args, cwd) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [before, began] = [cpuOfChildren(), performance.now()];
    run(process.execPath, args, cwd);
    return { cpu: cpuOfChildren() - before, wall: performance.now() - began };
  });
  return { 'CPU, ms': median(rounds.map(({ cpu }) => cpu)), 'wall, ms': median(rounds.map(({ wall }) => wall)) };
}

/** The processor time of all children that have ended, ms: Linux counts it in ticks of 10 ms. */
function cpuOfChildren() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function median(values) {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
}
