import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED_IN_PAGE } from './bundled.js';

/** What Carillon's license and the others of its kind have after the line of the copyright. */
const [, MIT] = readFileSync('LICENSE', 'utf8').split(/^Copyright .*\n/m);

/** The licenses of the libraries that a bundle contains; empty: it contains none. */
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

/** Some name their license, and bring no file of it. */
function licenseOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((path) => /^licen[cs]e/i.test(path));
  if (!file && license !== 'MIT') throw new Error(`${folder} brings no license: a bundle must contain it`);
  const text = file
    ? readFileSync(join(folder, file), 'utf8')
    : `Copyright (c) ${author?.name ?? author ?? name}\n${MIT}`;
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
