import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';
import type { Plugin } from 'vitest/config';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
/** In a folder named `node_modules`: vitest leaves its modules to Node.js. */
const PLAIN = fileURLToPath(new URL('../../node_modules/.sources/node_modules', import.meta.url));
/** A thread or process that loads several hundred modules takes three times as long to start. */
const REPLACED: Readonly<Record<string, string>> = {
  'worker/src/executors/run-inside-file.ts': fileURLToPath(new URL('./run-inside-file.ts', import.meta.url)),
};

/**
 * Lets Node.js itself load our sources, without their types: each worker of a run imports several hundred of them, and vitest
 * takes several times as long for a module. A source that has not changed since the last run is not read. In watch mode,
 * vitest loads the sources itself, as it must know which module imports which.
 */
export function plainSources(): Plugin {
  let plainOf: ReadonlyMap<string, string> = new Map();
  return {
    name: 'carillon:plain-sources',
    enforce: 'pre',
    buildStart() {
      made ??= strippedSources();
      plainOf = made;
    },
    resolveId(source, importer = '') {
      const path = source.startsWith('.') ? resolve(dirname(importer), source) : source;
      return plainOf.get(path.replace(/\.js$/, '.ts')) ?? null;
    },
  };
}

/** Once for all projects of a run. */
let made: ReadonlyMap<string, string> | undefined;

/** Maps the path of each source to the path of its copy without types. */
function strippedSources(): ReadonlyMap<string, string> {
  const all = readdirSync(PACKAGES)
    .filter((name) => existsSync(join(PACKAGES, name, 'package.json')))
    .flatMap(sourcesOf);
  for (const one of all) if (!existsSync(one.plain) || modifiedAt(one.plain) !== modifiedAt(one.source)) strip(one);
  return new Map(all.map(({ path, plain }) => [path, plain]));
}

interface Source {
  readonly path: string;
  /** The file whose types are stripped. */
  readonly source: string;
  readonly plain: string;
}

/** Lays out a package as it would be built, without its modules, and returns its sources. */
function sourcesOf(name: string): readonly Source[] {
  const from = join(PACKAGES, name);
  const manifest = readFileSync(join(from, 'package.json'), 'utf8');
  const to = join(PLAIN, String(JSON.parse(manifest).name));
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'package.json'), manifest);
  if (existsSync(join(from, 'lua')) && !existsSync(join(to, 'lua'))) symlinkSync(join(from, 'lua'), join(to, 'lua'));
  return readdirSync(join(from, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?<!\.d)\.ts$/.test(path))
    .map((file) => {
      const path = join(from, 'src', file);
      const plain = join(to, 'dist', file.replace(/\.ts$/, '.js'));
      return { path, source: REPLACED[`${name}/src/${file}`] ?? path, plain };
    });
}

function strip({ source, plain }: Source): void {
  const given = readFileSync(source, 'utf8');
  const { code, errors } = transformSync(source, given, {
    lang: 'ts',
    target: 'es2023',
    helpers: { mode: 'External' },
  });
  if (errors.length > 0) throw new Error(`${source}: ${errors.map(({ message }) => message).join(', ')}`);
  mkdirSync(dirname(plain), { recursive: true });
  // Other runs may be reading the old file.
  const written = `${plain}.${process.pid}`;
  writeFileSync(written, code.includes('babelHelpers.') ? HELPERS + code : code);
  const { atime, mtime } = statSync(source);
  utimesSync(written, atime, mtime);
  renameSync(written, plain);
}

/** For `using`, which Node.js 20 does not know. */
const HELPERS = `import * as babelHelpers from ${JSON.stringify(new URL('./using.js', import.meta.url).href)};\n`;

const modifiedAt = (path: string) => Math.trunc(statSync(path).mtimeMs);
