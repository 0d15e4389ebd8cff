import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const sources = readdirSync(new URL('packages', root), { recursive: true })
  .map((file) => `packages/${file}`)
  .filter((file) => /^packages\/[\w-]+\/(?:src|lua)\/.*\.(?:ts|tsx|js|lua)$/.test(file));

/** Files and folders that the comments of a source name. */
function pathsIn(source: string, isLua: boolean): readonly string[] {
  const comments = source.match(isLua ? /--.*/g : /(?<![^\s;])(?:\/\/.*|\/\*[\s\S]*?\*\/)/g) ?? [];
  return comments.flatMap((comment) => {
    const text = comment.replaceAll(/\bNode\.js\b|\w+:\/\/[^\s`)]*/g, '');
    const files =
      text.match(/(?<![\w/.@-])(?:\.{0,2}\/)*(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.(?:lua|tsx?|js|md|json|ya?ml)\b/g) ?? [];
    const folders = [...text.matchAll(/`((?:[\w-]+\/){2,})`/g)].map(([, folder = '']) => folder);
    return [...files, ...folders];
  });
}

/** Whether a path exists in the project, the docs, the package, its sources or scripts, or next to the file that names it. */
function exists(path: string, from: string): boolean {
  const [, home = ''] = /^(packages\/[\w-]+)\//.exec(from) ?? [];
  const places = [
    '',
    'docs/',
    `${home}/`,
    `${home}/src/`,
    `${home}/lua/`,
    'packages/',
    'packages/core/',
    'packages/core/src/',
    'packages/redis/lua/',
    `${dirname(from)}/`,
  ];
  return places.some((place) => existsSync(new URL(place + path, root)));
}

it('finds the paths of comments', () => {
  const code =
    "/** As `lua/lib/run.lua` has it; see docs/a.md, https://x.org/y.js. */\nconst a = './b.js'; // like `../c-d.test.ts`";
  expect(pathsIn(code, false)).toEqual(['lua/lib/run.lua', 'docs/a.md', '../c-d.test.ts']);
  expect(pathsIn('-- as lib/x.lua and `run/life.ts`\nlocal y = "z.lua"', true)).toEqual(['lib/x.lua', 'run/life.ts']);
});

it('each path that a comment of the sources names exists', () => {
  const missing = sources.flatMap((file) => {
    const paths = pathsIn(readFileSync(new URL(file, root), 'utf8'), file.endsWith('.lua'));
    return paths.filter((path) => !exists(path, file)).map((path) => `${file}: ${path}`);
  });
  expect(sources.length).toBeGreaterThan(500);
  expect(missing).toEqual([]);
});
