// Tests the settings of compilers and test runners in docs/testing.md with the installed packages.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const APP = `
import { cron, type CarillonEvent } from 'carillon';
import { runTask, testCluster } from 'carillon/testing';
import { startRedis } from 'carillon/local-redis';
import { Coordinator } from '@carillon/coordinator';
import { MemoryCluster } from '@carillon/core/memory';
import { runTask as ofWorker } from '@carillon/worker/testing';

const tasks = { 'report.daily': async (region: string) => region };
async function main(): Promise<void> {
  const { scheduler, clock, events, eventsOf, shutdown } = await testCluster({ tasks });
  await scheduler.addJob({ task: 'report.daily', args: ['eu'], trigger: cron('0 9 * * *') });
  await clock.advance('1d');
  const all: readonly CarillonEvent[] = events;
  if (eventsOf('job_executed').length !== 1 || all.length < 3) throw new Error('the job did not run');
  const result: string = await runTask(tasks['report.daily'], ['eu']);
  if (result !== 'eu' || ofWorker !== runTask) throw new Error('another result');
  await shutdown();
  void [startRedis, Coordinator, MemoryCluster];
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

/** The oldest settings, and CommonJS; the README's examples are compiled with settings like the others. */
const SETTINGS = {
  node10: ['typescript5', 'commonjs', { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true }],
  nodenext: ['typescript5', 'commonjs', { module: 'nodenext' }],
  bundler: ['typescript', 'module', { module: 'esnext', moduleResolution: 'bundler' }],
};

/** @throws Error if a program does not compile, or does not run. */
export function checkTypes(app, run) {
  for (const [name, [compiler, type, options]] of Object.entries(SETTINGS)) {
    const folder = join(app, 'settings', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(folder, 'app.ts'), APP);
    const common = { target: 'es2022', lib: ['es2023'], types: ['node'], strict: true, skipLibCheck: false };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...common, ...options } }));
    run('node', [join(app, 'node_modules', compiler, 'bin', 'tsc'), '-p', folder], app);
    run('node', [join(folder, 'app.js')], app);
  }
}

/** A CommonJS test: it uses import() on each Node.js, and require() from 24.9 on. */
const COMMONJS = (load) => `
test('a job runs', async () => {
  const { cron } = ${load}('carillon');
  const { testCluster } = ${load}('carillon/testing');
  const { scheduler, clock, eventsOf, shutdown } = await testCluster({ tasks: { ping: () => 'pong' } });
  await scheduler.addJob({ task: 'ping', trigger: cron('0 9 * * *') });
  await clock.advance('3d');
  expect(eventsOf('job_executed')).toHaveLength(3);
  await shutdown();
});
`;

/** @throws Error if a test fails in Jest, within its own limit of 5 s. */
export function checkJest(app, examples, run) {
  const folder = join(app, 'jest');
  const commonjs = join(folder, 'commonjs');
  cpSync(examples, folder, { recursive: true });
  mkdirSync(commonjs);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.js'))) {
    const code = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), code.replace("from 'vitest'", "from '@jest/globals'"));
  }
  writeFileSync(join(commonjs, 'package.json'), JSON.stringify({ type: 'commonjs' }));
  writeFileSync(join(commonjs, 'import.test.js'), COMMONJS('await import'));
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) writeFileSync(join(commonjs, 'require.test.js'), COMMONJS('require'));
  const jest = join(app, 'node_modules', 'jest', 'bin', 'jest.js');
  run('node', ['--experimental-vm-modules', '--no-warnings', jest, '--silent', '--rootDir', folder], app);
}
