// What an installed package says of itself, and brings.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** @throws Error if the manifest does not say where the project is, or there is no README that leads to the docs. */
export function checkManifest(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const field of ['repository', 'homepage', 'bugs', 'keywords', 'license', 'main', 'types']) {
    if (!manifest[field]) throw new Error(`${manifest.name} has no ${field}`);
  }
  if (!existsSync(join(folder, 'LICENSE'))) throw new Error(`${manifest.name} brings no LICENSE`);
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  if (!readme.includes('/docs/getting-started.md')) throw new Error(`the README of ${manifest.name} leads to no docs`);
}

/** @throws Error if a file names a source map that is not there, or a map a source that is neither there nor in it. */
export function checkSourceMaps(folder) {
  const files = readdirSync(join(folder, 'dist'), { recursive: true }).map((name) => join(folder, 'dist', name));
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const [, map] = /^\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    if (map && !existsSync(join(dirname(file), map))) throw new Error(`${file} names ${map}, which is not there`);
  }
  for (const file of files.filter((name) => name.endsWith('.map'))) {
    const { sources, sourcesContent = [] } = JSON.parse(readFileSync(file, 'utf8'));
    for (const [index, source] of sources.entries()) {
      if (sourcesContent[index] || existsSync(resolve(dirname(file), source))) continue;
      throw new Error(`${file} names ${source}, which is neither there nor in the map`);
    }
  }
}
