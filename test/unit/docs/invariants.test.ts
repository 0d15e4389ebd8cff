import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const document = read('docs/contributing/invariants.md');

interface Invariant {
  readonly number: string;
  readonly keptBy: string;
  readonly guardedBy: string;
}

const invariants: readonly Invariant[] = [...document.matchAll(/^\| (\d+) \| .*? \| (.*?) \| (.*?) \|$/gm)].map(
  ([, number = '', keptBy = '', guardedBy = '']) => ({ number, keptBy, guardedBy }),
);

/** Returns the files that a cell names, each with the functions named right after it. */
function placesIn(cell: string): readonly { readonly file: string; readonly functions: readonly string[] }[] {
  const named = /`([\w/.-]+\.(?:lua|ts))`((?:(?:,| and| or)? `\w+`(?!\.))*)/g;
  return [...cell.matchAll(named)].map(([, file = '', after = '']) => ({
    file,
    functions: [...after.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  }));
}

const pathOf = (file: string) => (file.endsWith('.lua') ? `packages/redis/lua/${file}` : `packages/${file}`);

it('has all invariants, and what is said of each is understood', () => {
  expect(invariants.map(({ number }) => Number(number))).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  expect(placesIn('keys `op:` in `a.lua` and `b.lua` `one`, `two` and `three`; `c/d.ts` `four`: `rev`')).toEqual([
    { file: 'a.lua', functions: [] },
    { file: 'b.lua', functions: ['one', 'two', 'three'] },
    { file: 'c/d.ts', functions: ['four'] },
  ]);
});

it('each is kept by files and functions that exist', () => {
  const faults = invariants.flatMap(({ number, keptBy }) => {
    const places = placesIn(keptBy);
    const missing = places.flatMap(({ file, functions }) => {
      if (!existsSync(new URL(pathOf(file), root))) return [`${number}: there is no ${file}`];
      // A script counts as the function of its name.
      const isScript = /^\w+\.lua$/.test(file);
      if (functions.length === 0 && !isScript) return [`${number}: no function of ${file} is named`];
      const source = read(pathOf(file));
      return functions.flatMap((name) =>
        new RegExp(`\\bfunction\\*? ${name}\\b`).test(source) ? [] : [`${number}: ${file} has no function ${name}`],
      );
    });
    return places.length > 0 ? missing : [`${number}: no file is named`];
  });
  expect(faults).toEqual([]);
});

it('each is guarded by tests that exist', () => {
  const tests = readdirSync(new URL('test', root), { recursive: true }).map(String);
  const names = new Set(tests.map((file) => file.replace(/(?:\.(?:sweep|long))?\.test\.ts$/, '')));
  const missing = invariants.flatMap(({ number, guardedBy }) => {
    const guards = [...guardedBy.matchAll(/`([\w/*-]+)`/g)].map(([, name = '']) => name);
    const isThere = (guard: string) =>
      guard.endsWith('*') ? [...names].some((name) => name.startsWith(guard.slice(0, -1))) : names.has(guard);
    const lost = guards.filter((guard) => !isThere(guard));
    return [...lost, ...(guards.length > 0 ? [] : ['no test'])].map((guard) => `${number}: ${guard}`);
  });
  expect(missing).toEqual([]);
});

it('each file that docs/reliability.md names exists', () => {
  const files = ['packages', 'test', 'scripts', 'docs'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true }).map(String),
  );
  const known = new Set(files.map((file) => file.split('/').at(-1)));
  const named = [...read('docs/reliability.md').matchAll(/`([\w/.-]+\.(?:ts|lua|js))`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !known.has(name.split('/').at(-1)))).toEqual([]);
});

it('the scripts that begin with the epoch are those that the third one names, and all that are given one', () => {
  const scripts = readdirSync(new URL('packages/redis/lua', root)).filter((file) => file.endsWith('.lua'));
  const FENCE = `\nif redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end\n`;
  const fenced = scripts.filter((file) => {
    const [header = '', rest = ''] = read(`packages/redis/lua/${file}`).split(/(?<=\n)(?!#!|--)/, 2);
    return `\n${rest}`.startsWith(FENCE) && header.length > 0;
  });
  const given = scripts.filter((file) => /^-- ARGV {2}now or '', epoch/m.test(read(`packages/redis/lua/${file}`)));
  const named = placesIn(invariants[2]?.keptBy ?? '').map(({ file }) => file);
  expect(named).toEqual([...fenced, 'begin_term.lua']);
  expect(given.filter((file) => file !== 'end_term.lua')).toEqual(fenced);
});

it("each arrow of a job's life is a script", () => {
  const [, drawing = ''] = /## A job's life\n\n```mermaid\n([\s\S]*?)```/.exec(read('ARCHITECTURE.md')) ?? [];
  const arrows = [...drawing.matchAll(/^ {2}\S+ --> \S+: (.*)$/gm)].flatMap(([, names = '']) => names.split(', '));
  expect(arrows.length).toBeGreaterThan(8);
  expect(arrows.filter((name) => !existsSync(new URL(pathOf(`${name}.lua`), root)))).toEqual([]);
});

it('the scripts that answer a repeated call as they did are those that the thirteenth names', () => {
  const scripts = readdirSync(new URL('packages/redis/lua', root)).filter((file) => file.endsWith('.lua'));
  const answering = scripts.filter((file) => read(`packages/redis/lua/${file}`).includes(`key('op:')`));
  const [first = ''] = invariants[12]?.keptBy.split(';') ?? [];
  expect(placesIn(first).map(({ file }) => file)).toEqual(answering);
});
