// Builds the console's page into packages/console/dist/page if a part of it has changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'packages/console/page');
const dist = join(root, 'packages/console/dist');
const stampFile = join(dist, '.page');

const digest = createHash('sha256');
for (const path of readdirSync(page, { recursive: true }).sort()) {
  const file = join(page, path);
  if (statSync(file).isFile()) digest.update(`${path}\n`).update(readFileSync(file));
}
digest.update(readFileSync(join(root, 'package-lock.json')));
const stamp = digest.digest('hex');

const isBuilt = existsSync(join(dist, 'page/index.html')) && existsSync(stampFile);
if (!isBuilt || readFileSync(stampFile, 'utf8') !== stamp) {
  const { build } = await import('vite');
  await build({ configFile: join(page, 'vite.config.js') });
  writeFileSync(stampFile, stamp);
}
