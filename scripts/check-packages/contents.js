// Checks the manifest and the files of installed packages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLED, BUNDLED_IN_PAGE } from '../bundle/bundled.js';

/** @throws Error if a field of the manifest or the LICENSE is missing, or the README does not link to the docs. */
export function checkManifest(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const field of ['repository', 'homepage', 'bugs', 'keywords', 'license', 'main', 'types']) {
    if (!manifest[field]) throw new Error(`${manifest.name} has no ${field}`);
  }
  if (!existsSync(join(folder, 'LICENSE'))) throw new Error(`${manifest.name} brings no LICENSE`);
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  if (!readme.includes('/docs/getting-started.md')) throw new Error(`the README of ${manifest.name} leads to no docs`);
}

/** @throws Error if a library that bundles contain has no license in any of the packages */
export function checkLicenses(folders) {
  const all = folders
    .map((folder) => join(folder, 'dist', 'THIRD-PARTY-LICENSES'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const missing = [...BUNDLED, ...BUNDLED_IN_PAGE].filter((library) => !new RegExp(`^${library} \\d`, 'm').test(all));
  if (missing.length > 0) throw new Error(`no package brings the license of ${missing.join(', ')}`);
}

/** @throws Error if a source map is packed, or a file names one: bundles keep names and comments, so none is made. */
export function checkNoSourceMaps(folder) {
  const files = readdirSync(join(folder, 'dist'), { recursive: true }).map((name) => join(folder, 'dist', name));
  const map = files.find((name) => name.endsWith('.map'));
  if (map) throw new Error(`${map} is of an older build: delete packages/*/dist and build again`);
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const [, named] = /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    if (named) throw new Error(`${file} names ${named}, which is not there`);
  }
}
