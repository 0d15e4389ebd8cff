import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as CoordinatorModule from '@carillon/coordinator';
import type * as CoreModule from '@carillon/core';
import type * as WorkerModule from '@carillon/worker';

/** The build of an earlier release. It has its own modules, and shares only its dependencies with the tree. */
export interface OldRelease {
  readonly core: typeof CoreModule;
  readonly coordinator: typeof CoordinatorModule;
  readonly worker: typeof WorkerModule;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param name the name of a file in `fixtures` that `scripts/pack-skew.js` made, without its extension. */
export async function oldRelease(name: string): Promise<OldRelease> {
  const dir = unpacked(join(root, 'test/skew/fixtures', `${name}.tgz`));
  const load = (module: string) => import(pathToFileURL(join(dir, 'node_modules', module, 'dist/index.js')).href);
  const [core, coordinator, worker] = await Promise.all(
    ['@carillon/core', '@carillon/coordinator', '@carillon/worker'].map(load),
  );
  return { core, coordinator, worker } as OldRelease;
}

/** Returns the unpacked folder. It is beneath the tree's own modules: its dependencies are found there. */
function unpacked(file: string): string {
  const cache = join(root, 'node_modules/.cache/carillon-skew');
  const dir = join(cache, createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16));
  if (existsSync(dir)) return dir;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'unpacking-'));
  execFileSync('tar', ['-xzf', file, '-C', fresh]);
  try {
    renameSync(fresh, dir);
  } catch {
    // Another process was faster.
    rmSync(fresh, { recursive: true, force: true });
  }
  return dir;
}
