import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A change of one place of a file. If `find` is null, the file is new. */
export interface Patch {
  readonly file: string;
  readonly find: string | null;
  readonly replace: string;
}

/** A copy of the packages' sources, with the libraries of this one. */
export async function copyOfTree(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'carillon-grown-'));
  for (const name of await readdir(join(root, 'packages'))) {
    const [from, to] = [join(root, 'packages', name), join(copy, 'packages', name)];
    // The page and the libraries of each package are not compiled.
    const skipped = ['node_modules', 'page', 'dist'].map((folder) => join(from, folder));
    await cp(from, to, { recursive: true, filter: (path) => !skipped.includes(path) });
  }
  for (const file of ['package.json', 'tsconfig.base.json']) await cp(join(root, file), join(copy, file));
  await linkLibraries(copy);
  return copy;
}

/** Links to this repository's packages are relative: in the copy's own folder they lead to the copy's packages. */
async function linkLibraries(copy: string): Promise<void> {
  await mkdir(join(copy, 'node_modules'));
  for (const entry of await readdir(join(root, 'node_modules'), { withFileTypes: true })) {
    const [from, to] = [join(root, 'node_modules', entry.name), join(copy, 'node_modules', entry.name)];
    if (entry.isSymbolicLink() || entry.name === '@carillon') {
      await cp(from, to, { recursive: true, verbatimSymlinks: true });
    } else {
      await symlink(from, to);
    }
  }
}

/** @throws Error if a patch does not fit one place */
export async function apply(copy: string, patches: readonly Patch[]): Promise<void> {
  for (const { file, find, replace } of patches) {
    const path = join(copy, file);
    const source = find === null ? '' : await readFile(path, 'utf8');
    if (find !== null && source.split(find).length !== 2) throw new Error(`${file} has ${find} not once`);
    await writeFile(path, find === null ? replace : source.replace(find, () => replace));
  }
}

/** Compiles the packages of a copy. Returns the compiler's errors, or an empty text. */
export async function compile(copy: string): Promise<string> {
  const packages = ['carillon', 'console'].map((name) => join(copy, 'packages', name));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [tsc, '-b', ...packages]).then(
    () => '',
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
}

/** Runs a script as a module of the copy, and returns what it prints as JSON. */
export async function exercise(copy: string, script: string): Promise<unknown> {
  const file = join(copy, 'exercise.mjs');
  await writeFile(file, script);
  const { stdout } = await run(process.execPath, [file], { cwd: copy });
  await rm(file);
  return JSON.parse(stdout);
}
