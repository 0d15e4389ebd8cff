// Writes docs/api from the docs in the sources: npm run docs:api. With --check it writes nothing, and fails if a page
// differs. typedoc needs a TypeScript with a compiler API, so both are installed from npm for this only.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pages = {
  carillon: ['carillon', '`Carillon`, and all that the next three export'],
  core: ['@carillon/core', 'jobs, triggers, events, errors, and the `Scheduler` client'],
  coordinator: ['@carillon/coordinator', '`Coordinator`'],
  worker: ['@carillon/worker', '`Worker`, and `currentRun` for tasks'],
  'carillon-alerts': ['carillon/alerts', '`Alerts`, and what they report'],
  'carillon-metrics': ['carillon/metrics', '`metrics`, for Prometheus'],
  'carillon-opentelemetry': ['carillon/opentelemetry', '`tracing`, for OpenTelemetry'],
  'carillon-node-cron': [
    'carillon/node-cron',
    'the functions of node-cron; see [coming from node-cron](../from-node-cron.md)',
  ],
  'carillon-testing': [
    'carillon/testing',
    '`testCluster`, and of the others what tests need: `runTask`, `VirtualClock`, `MemoryCluster`',
  ],
  console: ['@carillon/console', '`createConsole`: the HTTP API and the web page; see [the console](../console.md)'],
  'console-node': ['@carillon/console/node', '`nodeListener` and `listen`, to serve it with Node.js'],
  nestjs: ['@carillon/nestjs', '`CarillonModule` and the decorators; see [NestJS](../nestjs.md)'],
  'worker-testing': ['@carillon/worker/testing', '`runTask`, for unit tests of tasks'],
  'core-memory': ['@carillon/core/memory', 'a cluster in memory with a clock of its own, for tests'],
  'carillon-local-redis': ['carillon/local-redis', 'finds or starts a Redis, for tests and demos'],
};
const entries = [
  'core',
  'core/memory',
  'coordinator',
  'worker',
  'worker/testing',
  'carillon',
  'console',
  'console/node',
  'nestjs',
  'carillon/alerts',
  'carillon/metrics',
  'carillon/node-cron',
  'carillon/opentelemetry',
  'carillon/testing',
  'carillon/local-redis',
];
const packages = ['typedoc@0.28.20', 'typedoc-plugin-markdown@4.14.1', 'typescript@5.9.3'];

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'docs', 'api');
const made = mkdtempSync(join(tmpdir(), 'carillon-api-'));
try {
  runTypedoc();
  const texts = new Map(Object.keys(pages).map((page) => [`${page}.md`, pageText(page)]));
  texts.set('README.md', index());
  const old = existsSync(target) ? readdirSync(target) : [];
  const differs = [...new Set([...texts.keys(), ...old])].filter((file) => texts.get(file) !== stored(file));
  if (process.argv.includes('--check')) {
    if (differs.length > 0) throw new Error(`docs/api is not up to date (npm run docs:api): ${differs.join(', ')}`);
  } else {
    mkdirSync(target, { recursive: true });
    for (const file of differs) {
      if (texts.has(file)) writeFileSync(join(target, file), texts.get(file));
      else rmSync(join(target, file));
    }
  }
  console.log(`docs/api: ${texts.size} pages, ${differs.length} changed`);
} finally {
  rmSync(made, { recursive: true, force: true });
}

function runTypedoc() {
  const formats = ['parameters', 'interfaceProperties', 'classProperties', 'typeAliasProperties', 'typeDeclaration'];
  const flags = ['skipErrorChecking', 'disableSources', 'excludePrivate', 'excludeProtected', 'excludeInternal'];
  const looks = ['excludeExternals', 'useHTMLAnchors', 'hideBreadcrumbs', 'hidePageHeader', 'useCodeBlocks'];
  const options = {
    plugin: ['typedoc-plugin-markdown', './scripts/api-reference.plugin.js'],
    entryPoints: entries.map((entry) => `packages/${entry.replace(/^\w+/, '$&/src')}/index.ts`),
    tsconfig: ['scripts/api-reference.tsconfig.json'],
    out: [made],
    router: ['module'],
    readme: ['none'],
    logLevel: ['Warn'],
  };
  execFileSync(
    'npx',
    [
      '--yes',
      ...packages.flatMap((name) => ['-p', name]),
      'typedoc',
      ...Object.entries(options).flatMap(([name, values]) => values.flatMap((value) => [`--${name}`, value])),
      ...formats.flatMap((name) => [`--${name}Format`, 'table']),
      ...[...flags, ...looks].map((name) => `--${name}`),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

function pageText(page) {
  const [name, about] = pages[page];
  const text = readFileSync(join(made, `${page}.md`), 'utf8');
  return text.replace(/^# .*\n/, `# ${name}\n\nExports ${about.replace(/\bthe next three\b/, linksToParts)}.\n`);
}

function linksToParts() {
  return ['core', 'coordinator', 'worker'].map((page) => `[${pages[page][0]}](${page}.md)`).join(', ');
}

function index() {
  const rows = Object.entries(pages).map(([page, [name, about]]) => `| [${name}](${page}.md) | ${about} |`);
  const head = '# API reference\n\nWritten by `npm run docs:api` from the docs in the sources: change it there.\n';
  return `${head}\n| import from | exports |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function stored(file) {
  const path = join(target, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
