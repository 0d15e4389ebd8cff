import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(new URL('docs/contributing', root)).map((file) => `docs/contributing/${file}`);
const ROOTS = /^(?:packages|test|docs|scripts|examples|benchmarks|\.changeset)\/|^[A-Z]+\.md$/;

/** Returns the paths and npm scripts that a page names, also as a word of a command. */
function namedIn(text: string): { readonly paths: readonly string[]; readonly scripts: readonly string[] } {
  const code = text.match(/`[^`\n]+`|```[\s\S]*?```/g) ?? [];
  const words = code.flatMap((one) => one.replaceAll('`', ' ').split(/\s+/));
  return {
    paths: words.filter((word) => ROOTS.test(word)),
    scripts: [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
  };
}

it('finds paths and scripts', () => {
  const text = 'Run `npm run x:y -- packages/a/b.ts` (see `docs/c.md`, `d.ts`):\n```sh\nnpx vitest run test/e\n```';
  expect(namedIn(text)).toEqual({ paths: ['packages/a/b.ts', 'docs/c.md', 'test/e'], scripts: ['x:y'] });
});

it('each file and each script that the handbook names exists', () => {
  const { scripts: known } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> };
  const all = pages.map((page) => ({ page, ...namedIn(read(page)) }));
  const missing = all.flatMap(({ page, paths, scripts }) => [
    ...paths.filter((path) => !existsSync(new URL(path, root))).map((path) => `${page}: ${path}`),
    ...scripts.filter((name) => !Object.hasOwn(known, name)).map((name) => `${page}: npm run ${name}`),
  ]);
  expect(all.flatMap(({ paths }) => paths).length).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});

it('each type that the handbook has for a job and a run is one of the sources', () => {
  const page = read('docs/contributing/how-a-run-flows.md');
  const table = page.slice(page.indexOf('## What a job and a run are, place by place'));
  const named = new Set([...table.matchAll(/`([A-Z][a-z]\w+)/g)].map(([, name]) => name));
  const sources = readdirSync(new URL('packages', root), { recursive: true })
    .map(String)
    .filter((file) => /^[\w-]+\/src\/.*\.ts$/.test(file))
    .map((file) => read(`packages/${file}`))
    .join('\n');
  const known = new Set([...sources.matchAll(/^export (?:interface|class|type) (\w+)/gm)].map(([, name]) => name));
  expect(named.size).toBeGreaterThan(18);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});
