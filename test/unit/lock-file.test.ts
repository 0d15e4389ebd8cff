import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(path, 'utf8'));

/** Returns dependencies that no folder of the lock file holds, searched from a package's own folder upwards, as Node.js does. */
function missing(packages: Readonly<Record<string, Locked>>): string[] {
  return Object.entries(packages).flatMap(([folder, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !foldersAbove(folder).some((above) => `${above}node_modules/${name}` in packages))
      .map((name) => `${name}, which ${folder} needs`),
  );
}

/** `a/node_modules/b` is in `a/node_modules/b/`, `a/` and the root. */
function foldersAbove(folder: string): string[] {
  const parts = folder.split(/\/?node_modules\//);
  const nested = parts.map((_, index) => `${parts.slice(0, index + 1).join('/node_modules/')}/`.replace(/^\//, ''));
  return ['', ...nested];
}

describe('the lock file', () => {
  it('has the packages of all platforms, which npm ci asks for', () => {
    expect(missing(lock.packages)).toEqual([]);
    expect(missing({ a: { optionalDependencies: { b: '1' } } })).toEqual(['b, which a needs']);
    expect(missing({ a: { dependencies: { b: '1' } }, 'a/node_modules/b': {} })).toEqual([]);
  });

  it('says what is installed by its hash, and not from which host', () => {
    for (const [folder, { resolved, link, integrity }] of Object.entries(lock.packages)) {
      expect({ folder, resolved }).toEqual({
        folder,
        resolved: link ? expect.stringMatching(/^packages\//) : undefined,
      });
      expect({ folder, integrity }).toEqual({
        folder,
        integrity: /(^|\/)node_modules\//.test(folder) && !link ? expect.stringMatching(/^sha512-/) : undefined,
      });
    }
  });
});
