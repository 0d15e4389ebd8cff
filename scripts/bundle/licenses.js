import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED_IN_PAGE } from './bundled.js';

/** The text of an MIT license after the copyright line, from Carillon's own. */
const [, MIT] = readFileSync('LICENSE', 'utf8').split(/^Copyright .*\n/m);

/** Returns the licenses of the libraries in a bundle; empty if it contains none. */
export function licensesOf(output, hasPage) {
  const page = hasPage
    ? BUNDLED_IN_PAGE.map((name) => fileURLToPath(new URL(`../../node_modules/${name}`, import.meta.url)))
    : [];
  const modules = [...page, ...output.flatMap(({ moduleIds = [] }) => moduleIds)];
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Returns the license of a library. Some libraries name a license but have no file of it. */
function licenseOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((path) => /^licen[cs]e/i.test(path));
  if (!file && license !== 'MIT') throw new Error(`${folder} brings no license: a bundle must contain it`);
  const text = file
    ? readFileSync(join(folder, file), 'utf8')
    : `Copyright (c) ${author?.name ?? author ?? name}\n${MIT}`;
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
