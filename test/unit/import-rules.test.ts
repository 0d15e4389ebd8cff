import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const files = readdirSync(packages)
  .flatMap((name) => readdirSync(`${packages}${name}/src`, { recursive: true }).map((file) => `${name}/src/${file}`))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'));

/** A bundler builds the page, so it imports files without their endings. */
const pageFiles = readdirSync(`${packages}console/page/src`, { recursive: true })
  .map((file) => `console/page/src/${file}`)
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));

/** Matches everything that a file imports or exports from elsewhere, types included. */
const IMPORT = /^\s*(?:import|export)\s(?:[^;'"]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

const imports = new Map(
  [...files, ...pageFiles].map((file) => {
    const source = readFileSync(packages + file, 'utf8');
    return [file, [...source.matchAll(IMPORT)].map(([, from, called]) => from ?? called ?? '')] as const;
  }),
);

const importersOf = (dependency: string): string[] =>
  files.filter((file) => imports.get(file)?.some((name) => name === dependency || name.startsWith(`${dependency}/`)));

describe('import rules', () => {
  it('sees what is imported', () => {
    expect(files.length).toBeGreaterThan(80);
    expect(imports.get('carillon/src/carillon.ts')).toEqual(
      expect.arrayContaining(['@carillon/coordinator', '@carillon/core', '@carillon/worker']),
    );
  });

  it.each([
    ['core', []],
    // Core loads it where an option names a Redis. Like the others, core does not import it.
    ['redis', ['core']],
    ['coordinator', ['core']],
    ['worker', ['core']],
    // The console may be absent: see below.
    ['carillon', ['core', 'coordinator', 'worker', 'console']],
    ['console', ['core']],
    ['nestjs', ['core', 'coordinator', 'worker']],
  ])('%s imports of our packages at most %j', (name, allowed) => {
    const ours = files
      .filter((file) => file.startsWith(`${name}/`))
      .flatMap((file) => (imports.get(file) ?? []).filter((from) => /^@carillon\/|^carillon($|\/)/.test(from)));
    const others = new Set(ours.map((from) => from.replace(/^@carillon\//, '').replace(/\/.*/, '')));
    expect([...others].filter((other) => !(allowed as string[]).includes(other))).toEqual([]);
  });

  it('carillon loads the console in one place, where it is asked for: all else names its types alone', () => {
    const loads = /^\s*(?:import|export)\s(?!type\s)[^;'"]*['"]@carillon\/console|import\(\s*['"]@carillon\/console/m;
    const loading = files.filter(
      (file) => !file.startsWith('console/') && loads.test(readFileSync(packages + file, 'utf8')),
    );
    expect(loading).toEqual(['carillon/src/cli/console/load.ts']);
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${packages}carillon/package.json`, 'utf8'));
    expect(Object.keys({ ...dependencies, ...peerDependencies })).not.toContain('@carillon/console');
  });

  it('a package is left only by the name of another', () => {
    const outside = files.flatMap((file) => {
      const source = file.split('/').slice(0, 2).join('/');
      const relatives = (imports.get(file) ?? []).filter((from) => from.startsWith('.'));
      return relatives.filter((from) => !join(dirname(file), from).startsWith(`${source}/`));
    });
    expect(outside).toEqual([]);
  });

  it.each(['ioredis', 'bullmq', 'redlock'])('%s appears in the package for Redis only', (library) => {
    const importers = importersOf(library);
    expect(importers).not.toEqual([]);
    expect(importers.filter((file) => !file.startsWith('redis/src/'))).toEqual([]);
    const owners = readdirSync(packages).filter((name) => {
      const { dependencies } = JSON.parse(readFileSync(`${packages}${name}/package.json`, 'utf8'));
      return library in dependencies;
    });
    expect(owners).toEqual(['redis']);
  });

  it('the package for Redis is loaded in one place', () => {
    const loading = files.filter((file) => /require\(|createRequire/.test(readFileSync(packages + file, 'utf8')));
    expect(loading.filter((file) => !file.startsWith('carillon/') && !file.startsWith('worker/'))).toEqual([
      'core/src/redis/door.ts',
    ]);
  });

  it.each([
    [
      'bullmq',
      ['redis/src/queue/bullmq-consumer.ts', 'redis/src/queue/bullmq-fetcher.ts', 'redis/src/queue/bullmq-queue.ts'],
    ],
    ['@nestjs/core', ['nestjs/src/declared.ts', 'nestjs/src/methods.ts', 'nestjs/src/module.ts']],
    ['@hono/node-server', ['console/src/node/listener.ts']],
    ['redlock', ['redis/src/election/redlock-election.ts']],
    [
      'prom-client',
      [
        'carillon/src/metrics/index.ts',
        'carillon/src/metrics/run-metrics.ts',
        'carillon/src/metrics/store-metrics.ts',
        'carillon/src/metrics/tallied-histogram.ts',
        'carillon/src/metrics/worker-metrics.ts',
        'carillon/src/cli/metrics/server.ts',
      ],
    ],
    [
      '@opentelemetry/api',
      [
        'carillon/src/opentelemetry/execution-spans.ts',
        'carillon/src/opentelemetry/fire-span.ts',
        'carillon/src/opentelemetry/index.ts',
        'carillon/src/opentelemetry/producer-spans.ts',
        'carillon/src/opentelemetry/propagation.ts',
        'carillon/src/opentelemetry/tracers.ts',
        'carillon/src/opentelemetry/untraced.ts',
      ],
    ],
    ['standardwebhooks', ['carillon/src/alerts/delivery/webhook.ts']],
    ['tinypool', ['worker/src/executors/pool-line.ts', 'worker/src/executors/pool.ts']],
  ])('%s appears in %j only', (dependency, places) => {
    expect(importersOf(dependency)).toEqual(places);
  });

  it('there are no circles, not even of types', () => {
    expect(circles()).toEqual([]);
  });

  it('nor are there any on the page of the console', () => {
    expect(pageFiles.length).toBeGreaterThan(60);
    expect(circles(pageFiles)).toEqual([]);
  });
});

const ENTRIES: Readonly<Record<string, string>> = {
  '@carillon/core': 'core/src/index.ts',
  '@carillon/core/internal': 'core/src/internal.ts',
  '@carillon/core/memory': 'core/src/memory/index.ts',
  '@carillon/redis': 'redis/src/index.ts',
  '@carillon/coordinator': 'coordinator/src/index.ts',
  '@carillon/worker': 'worker/src/index.ts',
  '@carillon/worker/testing': 'worker/src/testing/index.ts',
};

function resolve(file: string, from: string): string[] {
  const entry = ENTRIES[from];
  if (!from.startsWith('.')) return entry ? [entry] : [];
  if (from.endsWith('.css')) return [];
  // The page names the built types of the console.
  const path = join(dirname(file), from).replace('console/dist/', 'console/src/');
  const places = from.endsWith('.js') ? [path.replace(/\.js$/, '.ts')] : [`${path}.ts`, `${path}.tsx`];
  const target = places.find((place) => existsSync(packages + place));
  if (!target) throw new Error(`${file} imports ${from}, which is not there`);
  return [target];
}

/** Returns each import cycle, as the files on it. */
function circles(of: readonly string[] = files): string[][] {
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const from of imports.get(file) ?? []) for (const target of resolve(file, from)) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of of) visit(file);
  return found;
}
