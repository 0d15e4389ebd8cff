// Checks the size of an application that only installs Carillon. The bounds are a little above the figures of docs/decisions/0021-footprint.md.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED } from '../bundle/bundled.js';

const HOOKS = fileURLToPath(new URL('../../test/support/processes/log-loaded-modules.js', import.meta.url));
const HELP = [join('node_modules', 'carillon', 'dist', 'cli', 'main.js'), '--help'];

/** `modules`: those of our own packages, by the program that is started. MB: of files, not of the blocks that they take. */
const BOUNDS = [
  {
    name: 'carillon',
    tarballs: /carillon-(\d|coordinator|core|redis|worker)/,
    packages: 43,
    MB: 19,
    modules: [
      [imported('carillon'), 22],
      [HELP, 5],
    ],
  },
  {
    name: 'producer',
    tarballs: /carillon-(core|redis)/,
    packages: 38,
    MB: 17,
    modules: [[imported('@carillon/core'), 7]],
  },
];

/** @throws Error if more is installed or loaded than the bounds allow */
export function checkFootprint(folder, tarballs, run) {
  return BOUNDS.map(({ name, tarballs: own, packages, MB, modules }) => {
    const app = join(folder, name);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
    run('npm', ['install', '--loglevel=error', ...tarballs.filter((file) => own.test(file))], app);
    const found = BUNDLED.filter((library) => existsSync(join(app, 'node_modules', library)));
    if (found.length > 0) throw new Error(`${name} installs ${found}, which its bundles should contain`);
    const counts = [
      ['packages', packagesIn(app), packages],
      ['MB', megabytes(join(app, 'node_modules')), MB],
      ...modules.map(([args, most]) => [`modules of ours for node ${args.at(-1)}`, loadedBy(args, app), most]),
    ];
    for (const [what, count, most] of counts) {
      if (count > most || count === 0)
        throw new Error(`${name}: ${count} ${what}, and there should be some, and at most ${most}`);
    }
    return `${name}: ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}`;
  });
}

function imported(name) {
  return ['--input-type=module', '-e', `import '${name}'`];
}

function packagesIn(app) {
  const { packages } = JSON.parse(readFileSync(join(app, 'node_modules', '.package-lock.json'), 'utf8'));
  return Object.keys(packages).length;
}

function megabytes(folder) {
  const files = readdirSync(folder, { recursive: true }).map((path) => statSync(join(folder, path)));
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  return Math.round(bytes / 100_000) / 10;
}

function loadedBy(args, cwd) {
  const program = `${process.execPath} --import ${HOOKS} "$@" 2>&1 >/dev/null`;
  const output = execFileSync('sh', ['-c', program, 'sh', ...args], { cwd, encoding: 'utf8' });
  return new Set(output.match(/^file:.*\/node_modules\/@?carillon\/.*$/gm)).size;
}
