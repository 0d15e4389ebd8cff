import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Page, readPage } from './markdown.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const packages = readdirSync(`${root}packages`);
const docs = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
const files = [
  ...[
    'README.md',
    'README.zh-CN.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    '.changeset/README.md',
    'examples/README.md',
    'benchmarks/README.md',
  ],
  ...docs.map((file) => `docs/${file}`).sort(),
  ...packages.map((name) => `packages/${name}/README.md`),
];

/** Pages that npm shows link to the others by their address. */
const REPOSITORY = 'https://github.com/carillon-scheduler/carillon/blob/main/';

const pages = new Map<string, Page>();
function pageOf(path: string): Page {
  const page = pages.get(path) ?? readPage(readFileSync(path, 'utf8'));
  pages.set(path, page);
  return page;
}

/** Returns why a link is broken. */
function brokenBy(link: string, file: string): string | undefined {
  const [target = '', anchor] = link.split('#');
  const path = target === '' ? file : resolve(dirname(file), decodeURI(target));
  if (!path.startsWith(root)) return 'leaves the project';
  if (!existsSync(path)) return 'no such file';
  if (anchor !== undefined && !(path.endsWith('.md') && pageOf(path).anchors.has(anchor))) return 'no such heading';
  return undefined;
}

describe('pages', () => {
  // docs/decisions/README.md was once empty.
  it.each(files)('%s has a heading and a text', (name) => {
    const [first = '', ...rest] = readFileSync(`${root}${name}`, 'utf8').trim().split('\n');
    expect(first).toMatch(/^[#<]/);
    expect(rest.length).toBeGreaterThan(0);
  });

  it('on decisions are all in their index, by their headings', () => {
    const folder = `${root}docs/decisions/`;
    const decisions = readdirSync(folder).filter((file) => /^\d{4}-/.test(file));
    const rows = decisions.sort().map((file) => {
      const [title] = pageOf(folder + file).headings;
      return `${Number(file.slice(0, 4))}. [${title}](${file})`;
    });
    const index = readFileSync(`${folder}README.md`, 'utf8').split('\n');
    expect(index.filter((line) => /^\d+\. /.test(line))).toEqual(rows);
  });
});

describe('links', () => {
  it.each(files)('of %s lead to files and headings that exist', (name) => {
    const file = `${root}${name}`;
    const links = pageOf(file).links.filter((link) => !/^[a-z]+:/.test(link));
    const ofRepository = pageOf(file).links.filter((link) => link.startsWith(REPOSITORY));
    links.push(...ofRepository.map((link) => relative(dirname(file), root + link.slice(REPOSITORY.length))));
    expect(links.map((link) => [link, brokenBy(link, file)]).filter(([, why]) => why)).toEqual([]);
  });

  it('are found, and found to be broken', () => {
    const file = `${root}docs/concepts.md`;
    expect(pageOf(`${root}README.md`).links.length).toBeGreaterThan(10);
    expect(readPage('`a[0](b)` [x](y.md#z)\n```sh\n[c](d)\n```\n').links).toEqual(['y.md#z']);
    expect(brokenBy('triggers.md', file)).toBe(undefined);
    expect(brokenBy('../README.md#coming-from-apscheduler', file)).toBe(undefined);
    expect(brokenBy('trigger.md', file)).toBe('no such file');
    expect(brokenBy('../README.md#coming-from-cron', file)).toBe('no such heading');
    expect(brokenBy('../../README.md', file)).toBe('leaves the project');
  });

  it('number headings that come again', () => {
    expect([...readPage('# A `b()`!\n## A b\n').anchors]).toEqual(['a-b', 'a-b-1']);
  });

  it.each(packages)('of what npm shows for %s need nothing but that package', (name) => {
    expect(pageOf(`${root}packages/${name}/README.md`).links.filter((link) => link.startsWith('..'))).toEqual([]);
  });
});

describe('docs that show examples', () => {
  it.each([
    ['testing', 3],
    ['console', 8],
    ['contracts', 3],
  ])('docs/%s.md shows the files of its folder as they are, which are run', (name, count) => {
    const folder = `${root}examples/${name}/`;
    const shown = pageOf(`${root}docs/${name}.md`).blocks.map(({ code }) => code);
    const named = readdirSync(folder);
    expect(named.length).toBe(count);
    for (const file of named) expect(shown).toContain(readFileSync(folder + file, 'utf8'));
  });
});

describe('docs/moving-in.md', () => {
  it('shows the file of examples/moving-in as it is, which is run', () => {
    const shown = pageOf(`${root}docs/moving-in.md`).blocks.map(({ code }) => code);
    expect(shown).toContain(readFileSync(`${root}examples/moving-in/tasks.js`, 'utf8'));
  });
});

describe('docs/console-security.md', () => {
  it('names for each threat a test that exists', () => {
    const rows = readFileSync(`${root}docs/console-security.md`, 'utf8').match(/^\| .*`test\/.*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const [, file = '', name = ''] = /`(test\/[^`]+\.test\.ts)`: (.+) \|$/.exec(row) ?? [];
      expect([row, readFileSync(root + file, 'utf8').includes(`it('${name}'`)]).toEqual([row, true]);
    }
  });
});

describe('the API reference', () => {
  const modules = {
    console: ['console/src/index.ts', () => import('@carillon/console')],
    'console-node': ['console/src/node/index.ts', () => import('@carillon/console/node')],
    core: ['core/src/index.ts', () => import('@carillon/core')],
    'core-memory': ['core/src/memory/index.ts', () => import('@carillon/core/memory')],
    coordinator: ['coordinator/src/index.ts', () => import('@carillon/coordinator')],
    'worker-testing': ['worker/src/testing/index.ts', () => import('@carillon/worker/testing')],
    'carillon-alerts': ['carillon/src/alerts/index.ts', () => import('carillon/alerts')],
    'carillon-metrics': ['carillon/src/metrics/index.ts', () => import('carillon/metrics')],
    'carillon-opentelemetry': ['carillon/src/opentelemetry/index.ts', () => import('carillon/opentelemetry')],
    'carillon-node-cron': [
      'carillon/src/node-cron/index.ts',
      // Its default is nodeCron.
      async () => ({ ...(await import('carillon/node-cron')), default: undefined }),
    ],
    // The pages of their own modules describe the other names.
    'carillon-testing': ['carillon/src/testing/index.ts', async () => ({})],
    worker: ['worker/src/index.ts', () => import('@carillon/worker')],
    carillon: ['carillon/src/index.ts', async () => ({})],
    'carillon-local-redis': ['carillon/src/local-redis/index.ts', () => import('carillon/local-redis')],
  } as const;

  it.each(Object.entries(modules))('has all that %s exports: else, npm run docs:api', async (page, [file, load]) => {
    const source = readFileSync(`${root}packages/${file}`, 'utf8');
    const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\} from '\./gm)].flatMap(([, list = '']) =>
      list.split(','),
    );
    const named = lists.map((name) => name.replace(/^\s*type /, '').trim()).filter((name) => name !== '');
    const values = Object.entries(await load()).filter(([, value]) => value !== undefined);
    const exported = new Set([...named, ...values.map(([name]) => name)]);
    expect(exported.size).toBeGreaterThan(0);
    const described = pageOf(`${root}docs/api/${page}.md`).headings.map((heading) => heading.replace('()', ''));
    expect([...exported].filter((name) => !described.includes(name))).toEqual([]);
  });
});
