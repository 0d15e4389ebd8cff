import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPage } from '../unit/docs/markdown.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The built declarations: compiling the sources takes several times as long, and `tsc -b` has checked them. */
const built = (path: string) => [`${root}packages/${path}.d.ts`];
const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  typeRoots: [`${root}node_modules/@types`],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  allowJs: true,
  checkJs: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  paths: {
    '@carillon/core': built('core/dist/index'),
    '@carillon/core/internal': built('core/dist/internal'),
    '@carillon/core/memory': built('core/dist/memory/index'),
    '@carillon/redis': built('redis/dist/index'),
    '@carillon/worker/testing': built('worker/dist/testing/index'),
    'carillon/alerts': built('carillon/dist/alerts/index'),
    'carillon/metrics': built('carillon/dist/metrics/index'),
    'prom-client': [`${root}node_modules/prom-client/index.d.ts`],
    'carillon/opentelemetry': built('carillon/dist/opentelemetry/index'),
    '@opentelemetry/api': [`${root}node_modules/@opentelemetry/api/build/src/index.d.ts`],
    'carillon/node-cron': built('carillon/dist/node-cron/index'),
    'carillon/testing': built('carillon/dist/testing/index'),
    '@carillon/coordinator': built('coordinator/dist/index'),
    '@carillon/worker': built('worker/dist/index'),
    '@carillon/console': built('console/dist/index'),
    '@carillon/nestjs': built('nestjs/dist/index'),
    '@carillon/console/node': built('console/dist/node/index'),
    carillon: built('carillon/dist/index'),
    express: [`${root}node_modules/@types/express/index.d.ts`],
    koa: [`${root}node_modules/@types/koa/index.d.ts`],
    fastify: [`${root}node_modules/fastify/fastify.d.ts`],
    hono: [`${root}node_modules/hono/dist/types/index.d.ts`],
    '@nestjs/common': [`${root}node_modules/@nestjs/common/index.d.ts`],
    '@nestjs/core': [`${root}node_modules/@nestjs/core/index.d.ts`],
    '@nestjs/terminus': [`${root}node_modules/@nestjs/terminus/dist/index.d.ts`],
    'reflect-metadata': [`${root}node_modules/reflect-metadata/index.d.ts`],
    vitest: [`${root}node_modules/vitest/dist/index.d.ts`],
  },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-docs-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Returns what the compiler prints for the code of pages. Each page is a folder, and each block is a file, which its first line names. */
async function compile(pages: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [page, markdown] of Object.entries(pages)) await writeBlocks(join(folder, page), markdown);
  const config = JSON.stringify({ compilerOptions, include: ['**/*.ts', '**/*.js'] });
  await writeFile(join(folder, 'tsconfig.json'), config);
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const compiling = promisify(execFile)(process.execPath, [compiler, '--pretty', 'false'], { cwd: folder });
  const { stdout, stderr } = await compiling.catch(
    (error: { readonly stdout: string; readonly stderr: string }) => error,
  );
  return `${stdout}${stderr}`.split('\n').filter(isOfPage);
}

async function writeBlocks(place: string, markdown: string): Promise<void> {
  const blocks = readPage(markdown).blocks.filter(({ language }) => ['ts', 'js'].includes(language));
  if (blocks.length === 0) throw new Error(`no code for ${place}`);
  await mkdir(place, { recursive: true });
  for (const [index, { language, code }] of blocks.entries()) {
    const file = /^\/\/ ([\w.-]+\.[jt]s)\b/.exec(code)?.[1] ?? `block-${index + 1}.${language}`;
    await writeFile(join(place, file), code);
  }
}

/** Whether a line is about the page, not about what it imports: `tsc -b` checks that with its own settings. */
function isOfPage(line: string): boolean {
  return /^[^\s.]/.test(line) && !isUntypedParameter(line);
}

/** Plain JavaScript has parameters and lists without types. Where a task map is expected, the compiler reports them as `never`. */
function isUntypedParameter(line: string): boolean {
  return /^[^(]+\.js\(.*: error (TS70(05|06|31|34): |TS2322: .* is not assignable to type 'never')/.test(line);
}

describe('the code of the docs', () => {
  const docs = [
    'README.md',
    'docs/getting-started.md',
    'docs/concepts.md',
    'docs/runs.md',
    'docs/testing.md',
    'docs/events.md',
    'docs/account.md',
    'docs/alerts.md',
    'docs/cli.md',
    'docs/console.md',
    'docs/executors.md',
    'docs/moving-in.md',
    'docs/observability.md',
    'docs/nestjs.md',
    'docs/from-nestjs-schedule.md',
  ];
  const ofPackages = ['core', 'redis', 'coordinator', 'worker', 'carillon', 'console', 'nestjs'].map(
    (name) => `packages/${name}/README.md`,
  );

  it('compiles, and does not where it is wrong', async () => {
    const texts = [...docs, ...ofPackages].map(async (page) => [page, await readFile(root + page, 'utf8')] as const);
    const found = await compile({
      ...Object.fromEntries(await Promise.all(texts)),
      'option.md': "```js\nimport { Scheduler } from '@carillon/core';\nnew Scheduler({ reddis: 1 });\n```\n",
      'name.md': "```js\nimport { chron } from 'carillon';\nchron('* * * * *');\n```\n",
    });
    const wrong = /^(name|option)\.md\//;
    expect(found.filter((line) => !wrong.test(line))).toEqual([]);
    expect(found.map((line) => line.split('/')[0]).sort()).toEqual(['name.md', 'option.md']);
  });

  it('does not where it cannot be parsed', async () => {
    // Where something cannot be parsed, the compiler reports nothing else.
    expect((await compile({ 'form.md': '```ts\nconst a = ;\n```\n' }))[0]).toMatch(/^form\.md\//);
  });
});
