import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;
let folder: string;
let [manifest, files] = ['', [] as string[]];

const manifestFile = () => join(folder, 'package.json');
const readManifest = () => readFile(manifestFile(), 'utf8');
const readFiles = async () => (await readdir(join(folder, 'dist'), { recursive: true })).sort();

/** Runs a script as npm does at this event of this command. */
async function run(command: 'pack' | 'publish' | 'stage', event: 'prepack' | 'postpack' | 'postpublish') {
  const args = [join(copy, 'scripts/bundle.js'), ...(event === 'prepack' ? [] : ['--remove'])];
  const env = { ...process.env, npm_command: command, npm_lifecycle_event: event };
  await promisify(execFile)(process.execPath, args, { cwd: folder, env });
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'carillon-bundled-'));
  folder = join(copy, 'packages/worker');
  for (const part of ['package.json', 'scripts', 'packages/worker']) {
    await cp(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  [manifest, files] = [await readManifest(), await readFiles()];
});

afterAll(() => rm(copy, { recursive: true, force: true }));

// Each test leaves the manifest and the files as they were.
afterEach(async () => expect([await readManifest(), await readFiles()]).toEqual([manifest, files]));

const isBundled = async () => {
  const { dependencies } = JSON.parse(await readManifest());
  expect(Object.keys(dependencies)).not.toContain('zod');
  expect(await readFiles()).toContain('chunks');
};

it('a package is a bundle until it is packed', async () => {
  await run('pack', 'prepack');
  await isBundled();
  await run('pack', 'postpack');
});

it.each(['publish', 'stage'] as const)('npm %s finds the manifest of the bundle after packing', async (command) => {
  await run(command, 'prepack');
  await run(command, 'postpack');
  await isBundled();
  await run(command, 'postpublish');
});

it('where the registry refused, a second try begins from what was there', async () => {
  await run('publish', 'prepack');
  await run('publish', 'postpack');
  await run('publish', 'prepack');
  await isBundled();
  await run('publish', 'postpack');
  await run('publish', 'postpublish');
});

it('a manifest that was changed meanwhile is not lost', async () => {
  await run('publish', 'prepack');
  const bundled = await readManifest();
  await writeFile(manifestFile(), bundled.replace(/"version": "[^"]+"/, '"version": "99.0.0"'));
  await expect(run('publish', 'prepack')).rejects.toThrow(/package\.json was changed while it was the bundle's/);
  expect(await readManifest()).toContain('99.0.0');
  await writeFile(manifestFile(), bundled);
  await run('publish', 'postpublish');
});

it('what was built meanwhile is to be built again', async () => {
  await run('publish', 'prepack');
  await writeFile(join(folder, 'dist/.tsbuildinfo'), '{}');
  await expect(run('publish', 'prepack')).rejects.toThrow(/run npm run build, then pack again/);
  expect(await readFiles()).toEqual(files.filter((file) => file !== '.tsbuildinfo'));
  expect(await readManifest()).toBe(manifest);
  await cp(join(root, 'packages/worker/dist/.tsbuildinfo'), join(folder, 'dist/.tsbuildinfo'));
});
