import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Coordinator } from '@carillon/coordinator';
import { expect, it, onTestFinished } from 'vitest';
import { newScheduler, Stored, silent } from '../../support/in-process.js';
import { redisUrl } from '../../support/redis.js';
import { Notes } from '../../support/task-runners.js';
import { readPage } from '../../unit/docs/markdown.js';
import { Command, file } from './carillon.js';
import { Spawned } from './spawned.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Tasks that need a server. They write down what happens. */
const moduleOf = (notes: Notes, rest = '') => `
  import { appendFileSync } from 'node:fs';
  import { createServer } from 'node:net';
  const note = (text) => appendFileSync(${JSON.stringify(notes.file)}, text + '\\n');
  let server;
  export const setup = () => new Promise((resolve) => {
    note('setup');
    server = createServer().listen(0, '127.0.0.1', resolve);
  });
  export const teardown = () => new Promise((resolve) => {
    note('teardown');
    server.close(resolve);
  });
  export const tasks = { 'server.use': () => note(server.listening ? 'open' : 'closed') };
  ${rest}`;

const OPEN_FOR_EVER = 'setInterval(() => {}, 1_000);';

/** A Node.js program in a process of its own. It ends with the test. */
class Program extends Command {
  protected readonly exit: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(path: string) {
    super();
    this.#child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    this.exit = once(this.#child, 'close').then(() => this.#child.exitCode);
    onTestFinished(async () => {
      this.#child.kill('SIGKILL');
      await this.exit;
    });
  }

  protected get exitCode(): number | null {
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Starts the README's worker.js, changed, beside a module of tasks. */
function readmesWorker(prefix: string, tasks: string, changes: Readonly<Record<string, string>> = {}): Program {
  const { blocks } = readPage(readFileSync(join(root, 'README.md'), 'utf8'));
  let code = blocks.find(({ code }) => code.startsWith('// worker.ts'))?.code ?? '';
  const place = `redis: '${redisUrl()}', prefix: '${prefix}'`;
  for (const [from, to] of Object.entries({ ...changes, "redis: 'redis://localhost:6379'": place })) {
    expect(code).toContain(from);
    code = code.replace(from, to);
  }
  const folder = mkdtempSync(join(tmpdir(), 'carillon-readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tasks.js'), tasks);
  writeFileSync(join(folder, 'worker.js'), `${code}\nconsole.log('it runs');\n`);
  return new Program(join(folder, 'worker.js'));
}

/** Runs the task that uses its module's server once. */
async function useOnce(prefix: string): Promise<void> {
  const coordinator = new Coordinator({ redis: redisUrl(), prefix, logger: silent });
  onTestFinished(() => coordinator.shutdown());
  await coordinator.start();
  const run = await newScheduler(prefix).enqueue('server.use');
  await run.result({ timeout: '60s' });
}

it('the command line ends a worker once its module has closed what it opened, whatever else that left open', async () => {
  const { prefix } = new Stored();
  const notes = new Notes();
  const worker = new Spawned(['worker', '--tasks', await file('tasks.mjs', moduleOf(notes, OPEN_FOR_EVER))], {
    prefix,
  });
  await worker.says('worker started');
  await useOnce(prefix);
  worker.signal('SIGTERM');
  expect(await worker.ended()).toMatchObject({ code: 0, stderr: '' });
  expect(notes.lines).toEqual(['setup', 'open', 'teardown']);
});

it("the README's worker ends with SIGTERM, whatever its module has left open", async () => {
  const { prefix } = new Stored();
  const worker = readmesWorker(prefix, `export const tasks = { ping: () => 'pong' }; ${OPEN_FOR_EVER}`);
  await worker.says('it runs');
  worker.signal('SIGTERM');
  expect(await worker.ended()).toMatchObject({ code: 0, stderr: '' });
});

it('a worker whose module closes what it opened ends by itself', async () => {
  const { prefix } = new Stored();
  const notes = new Notes();
  const worker = readmesWorker(prefix, moduleOf(notes), {
    'import { tasks }': 'import { setup, tasks, teardown }',
    'tasks, executors': 'setup, tasks, teardown, executors',
    'process.exit(); // whatever else is still open': '',
  });
  await worker.says('it runs');
  await useOnce(prefix);
  worker.signal('SIGTERM');
  expect(await worker.ended()).toMatchObject({ code: 0, stderr: '' });
  expect(notes.lines).toEqual(['setup', 'open', 'teardown']);
});
