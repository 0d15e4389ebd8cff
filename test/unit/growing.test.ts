import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JOB_FIELD, USE_OF_FIELD } from '../compile/growing/job-field.js';
import type { Patch } from '../compile/growing/tree.js';
import { TRIGGER_KIND, USE_OF_KIND } from '../compile/growing/trigger-kind.js';

// Checks what `test/compile/growing.long.test.ts` assumes of the sources, because that runs only with `npm run test:long`.

const root = new URL('../../', import.meta.url);
/** The sources after the patches. */
const patched = new Map<string, string>();
const sourceOf = (file: string) => patched.get(file) ?? readFileSync(new URL(file, root), 'utf8');

/** Makes a change. Returns how often its place was there or, for a new file, how often the file was. */
function placesOf({ file, find, replace }: Patch): number {
  if (find === null) {
    patched.set(file, replace);
    return existsSync(new URL(file, root)) ? 1 : 0;
  }
  const source = sourceOf(file);
  patched.set(
    file,
    source.replace(find, () => replace),
  );
  return source.split(find).length - 1;
}

const patches = [...TRIGGER_KIND, ...JOB_FIELD].map((patch) => ({ ...patch, places: placesOf(patch) }));

/** The sources of the packages that programs import by name. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@carillon/core': 'packages/core/src/index.ts',
  '@carillon/core/memory': 'packages/core/src/memory/index.ts',
};
const LIBRARIES = ['commander', 'zod'];

interface Import {
  readonly name: string;
  readonly file: string;
}

/** Returns what a text imports from the sources. @param folder of the text */
function importsOf(text: string, folder: string): readonly Import[] {
  return [...text.matchAll(/^import \{([^}]*)\} from '([^']+)';$/gm)].flatMap(([, names = '', from = '']) => {
    if (LIBRARIES.includes(from)) return [];
    const file = PACKAGES[from] ?? new URL(from, `file:///${folder}`).pathname.slice(1);
    const source = file.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    return namesIn(names, 0).map((name) => ({ name, file: source }));
  });
}

/** @param side of `as`: 0 is the name in the other file; -1 is the name in this one */
const namesIn = (list: string, side: 0 | -1) =>
  list.split(',').flatMap(
    (one) =>
      one
        .trim()
        .replace(/^type /, '')
        .split(' as ')
        .at(side) || [],
  );

function exportsOf(source: string): ReadonlySet<string> {
  const made = [...source.matchAll(/^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm)];
  const passed = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)];
  return new Set([...made.map(([, name = '']) => name), ...passed.flatMap(([, names = '']) => namesIn(names, -1))]);
}

it('reads imports and exports', () => {
  const text = "import { a, type B, c as d } from './packages/core/dist/x/y.js';\nimport { z } from 'zod';";
  const file = 'packages/core/src/x/y.ts';
  expect(importsOf(text, '')).toEqual(['a', 'B', 'c'].map((name) => ({ name, file })));
  expect([...exportsOf("export const a = 1;\nexport { type B, c as d } from './e.js';\nconst f = 1;")]).toEqual([
    'a',
    'B',
    'd',
  ]);
});

describe('the patches that add a trigger kind and a job field', () => {
  it.each(patches)('$file: the place $find is there once', ({ find, places }) => {
    expect(places).toBe(find === null ? 0 : 1);
  });

  it.each([
    ...importsOf(USE_OF_KIND, ''),
    ...importsOf(USE_OF_FIELD, ''),
    ...TRIGGER_KIND.flatMap(({ file, find, replace }) => (find === null ? importsOf(replace, file) : [])),
  ])('$file exports $name', ({ file, name }) => {
    expect(exportsOf(sourceOf(file))).toContain(name);
  });
});
