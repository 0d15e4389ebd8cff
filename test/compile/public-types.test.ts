import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const ENTRIES: Readonly<Record<string, string>> = {
  '@carillon/core': 'packages/core/dist/index.d.ts',
  '@carillon/core/internal': 'packages/core/dist/internal.d.ts',
  '@carillon/coordinator': 'packages/coordinator/dist/index.d.ts',
  '@carillon/worker': 'packages/worker/dist/index.d.ts',
  carillon: 'packages/carillon/dist/index.d.ts',
};

/** What one statement takes from another file. `names` maps names here to names there; undefined: every name. */
interface Link {
  readonly kind: 'import' | 'export';
  readonly from: string;
  readonly names: ReadonlyMap<string, string> | undefined;
}

const STATEMENT =
  /^(import|export)\s+(?:type\s+)?(?:(\w+)\s*,?\s*)?(?:\{([^}]*)\}|\*(?: as \w+)?)?\s*from\s+'([^']+)';/gm;
const INLINE = /import\(["']([^"']+)["']\)/g;

function linksOf(source: string): Link[] {
  const statements = [...source.matchAll(STATEMENT)].map(([, kind, standard, list, from = '']): Link => {
    const listed = list?.split(',').flatMap((item) => {
      const [there, here] = item
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      return there ? [[here ?? there, there] as const] : [];
    });
    const names = listed && new Map(standard ? [...listed, [standard, 'default'] as const] : listed);
    return { kind: kind === 'export' ? 'export' : 'import', from, names };
  });
  const inline = [...source.matchAll(INLINE)].map(
    ([, from = '']): Link => ({ kind: 'import', from, names: undefined }),
  );
  return [...statements, ...inline];
}

const isDeclaredIn = (source: string, name: string): boolean =>
  new RegExp(
    `^export (?:declare |default |abstract )*(?:class|interface|type|const|function|let)\\s+${name}\\b`,
    'm',
  ).test(source);

/** Returns the modules outside of ours that the public names of an entry reach through declarations. */
function outsideOf(entry: string): Map<string, string> {
  const outside = new Map<string, string>();
  const seen = new Set<string>();
  const visit = (file: string, name: string | undefined): void => {
    if (seen.has(`${file} ${name}`)) return;
    seen.add(`${file} ${name}`);
    const source = readFileSync(root + file, 'utf8');
    const isBarrel = !/^(export )?(declare|interface|type \w+ ?[<=]|class|const)/m.test(source);
    const isHere = name !== undefined && isDeclaredIn(source, name);
    for (const { kind, from, names } of linksOf(source)) {
      const isWanted = isBarrel || isHere || kind === 'import' || name === undefined;
      const wanted = kind === 'import' ? [...(names?.values() ?? [undefined])] : wantedOf(names, name);
      const target = from.startsWith('.') ? join(dirname(file), from).replace(/\.js$/, '.d.ts') : ENTRIES[from];
      if (!isWanted || (kind === 'export' && isHere)) continue;
      if (!target) outside.set(from, file);
      else for (const one of wanted) if (names || one === undefined || exportsOf(target).has(one)) visit(target, one);
    }
  };
  visit(entry, undefined);
  return outside;
}

function wantedOf(names: Link['names'], name: string | undefined): (string | undefined)[] {
  if (!names) return [name];
  if (name === undefined) return [...names.values()];
  const there = names.get(name);
  return there ? [there] : [];
}

/** Every name that a file exports. */
function exportsOf(file: string, seen: ReadonlySet<string> = new Set()): Set<string> {
  if (seen.has(file)) return new Set();
  const source = readFileSync(root + file, 'utf8');
  const declared = [
    ...source.matchAll(/^export (?:declare |abstract )*(?:class|interface|type|const|function|let)\s+(\w+)/gm),
  ].map(([, name = '']) => name);
  const passed = linksOf(source)
    .filter(({ kind }) => kind === 'export')
    .flatMap(({ from, names }) => {
      if (names) return [...names.keys()];
      const target = from.startsWith('.') ? join(dirname(file), from).replace(/\.js$/, '.d.ts') : ENTRIES[from];
      return target ? [...exportsOf(target, new Set([...seen, file]))] : [];
    });
  return new Set([...declared, ...passed]);
}

describe('the public types', () => {
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b'], { cwd: root });
  });

  it('export what the entries promise', () => {
    expect([...exportsOf('packages/carillon/dist/index.d.ts')]).toEqual(
      expect.arrayContaining(['Carillon', 'Scheduler', 'Coordinator', 'Worker', 'cron', 'currentRun', 'JobSpec']),
    );
  });

  it.each(Object.entries(ENTRIES))('%s reaches no type of ioredis, bullmq or redlock', (_, entry) => {
    const outside = outsideOf(entry);
    expect([...outside].filter(([name]) => /^(ioredis|bullmq|redlock)/.test(name))).toEqual([]);
  });

  it('finds such a type where there is one', () => {
    expect(outsideOf('packages/redis/dist/index.d.ts').has('ioredis')).toBe(true);
    expect(outsideOf('packages/coordinator/dist/index.d.ts').has('pino')).toBe(true);
  });
});
