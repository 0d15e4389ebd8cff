// Packs the build into test/skew/fixtures/<name>.tgz: the release that test/skew runs beside the current tree. Run it with the tree
// of that release checked out and built (`npm run build`), for example: node scripts/pack-skew.js format-1
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [name] = process.argv.slice(2);
if (!/^[\w.-]+$/.test(name ?? '')) throw new Error('give the fixture a name, such as format-1');
const root = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = {
  core: '@carillon/core',
  redis: '@carillon/redis',
  coordinator: '@carillon/coordinator',
  worker: '@carillon/worker',
  carillon: 'carillon',
};

const dir = mkdtempSync(join(tmpdir(), 'carillon-skew-'));
for (const [folder, as] of Object.entries(PACKAGES)) {
  const from = join(root, 'packages', folder);
  const to = join(dir, 'node_modules', as);
  const isNeeded = (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path);
  for (const part of ['package.json', 'dist', ...(folder === 'redis' ? ['lua'] : [])]) {
    cpSync(join(from, part), join(to, part), { recursive: true, filter: isNeeded });
  }
}
const file = join(root, 'test/skew/fixtures', `${name}.tgz`);
execFileSync('tar', ['--sort=name', '--owner=0', '--group=0', '--mtime=@0', '-czf', file, '-C', dir, 'node_modules']);
rmSync(dir, { recursive: true });
console.info(`${file}: ${execFileSync('git', ['log', '-1', '--format=%h %s'], { cwd: root }).toString().trim()}`);
