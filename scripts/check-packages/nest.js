// Compiles and runs the application of docs/nestjs.md from the tarballs, with each version of NestJS that the package supports.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSIONS = [11, 12];
/** What the application logs once each of its methods has run. */
const LINES = ['report for eu as pdf', 'heartbeat', 'sync', 'warm', '{ pages: 12 }'];

/** @throws Error if the application does not compile, or one of its methods does not run. */
export async function checkNest({ root, folder, tarballs, redis, run, until }) {
  for (const version of VERSIONS) {
    const app = join(folder, `nest-${version}`);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
    const nest = ['common', 'core'].map((name) => `@nestjs/${name}@${version}`);
    const others = ['reflect-metadata@0.2', 'rxjs@7', 'typescript@5.9', '@types/node@20'];
    run('npm', ['install', '--loglevel=error', ...tarballs, ...nest, ...others], app);
    writeSources(app, readFileSync(join(root, 'docs/nestjs.md'), 'utf8'), redis);
    run('npx', ['tsc'], app);
    await expectLines(app, until);
  }
}

function writeSources(app, docs, redis) {
  for (const [, code] of docs.matchAll(/```ts\n([\s\S]*?)```/g)) {
    const file = /^\/\/ ((?:app\.module|main)\.ts)\n/.exec(code)?.[1];
    if (file) writeFileSync(join(app, file), code.replaceAll('redis://localhost:6379', redis));
  }
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', types: ['node'], strict: true },
    // As `nest new` sets them. The types of NestJS 11 need skipLibCheck.
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, skipLibCheck: true },
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
}

async function expectLines(app, until) {
  const child = spawn('node', ['main.js'], { cwd: app, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  try {
    await until(() => LINES.every((line) => output.includes(line)));
    // Nest's shutdown hooks end the application.
    child.kill('SIGTERM');
    await ended;
  } catch (error) {
    throw new Error(`${app} printed ${output}`, { cause: error });
  } finally {
    child.kill('SIGKILL');
  }
}
