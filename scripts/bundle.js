// Before npm packs a package: replaces its `dist` with a bundle, and removes the bundled libraries from its manifest. With --remove, after
// packing or publishing: restores both. Run it in the package's folder.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { BUNDLED } from './bundle/bundled.js';
import { declarationsOf } from './bundle/declarations.js';
import { licensesOf } from './bundle/licenses.js';
import { oneZod, places, ZOD } from './bundle/plugins.js';

const folder = process.cwd();
const dist = join(folder, 'dist');
const manifestFile = join(folder, 'package.json');
const made = join(folder, '.bundled');
const aside = join(folder, '.unbundled');
/** The compiler writes this file; a bundle has none. */
const BUILD_INFO = '.tsbuildinfo';

const { npm_command: command, npm_lifecycle_event: event } = process.env;
const isRemoving = process.argv.includes('--remove');
// When npm publishes, it uploads after packing, with the manifest as it is then. If the registry refuses, the next packing finds the bundle in place.
const isBeforeUpload = event === 'postpack' && command !== 'pack';
const wasBuilt = existsSync(aside) && !isBeforeUpload && restore();
if (wasBuilt) {
  const why = 'the last publishing failed and left its bundle in dist; a later build wrote into it and was removed';
  if (!isRemoving) throw new Error(`${why}: run npm run build, then pack again`);
  console.error(`${why}: run npm run build`);
}
if (!isRemoving) await bundle();

/**
 * Restores `dist` and the manifest. Returns whether a later build wrote into the bundle; its files are lost.
 * @throws Error if the manifest was changed meanwhile: nothing is restored
 */
function restore() {
  const packed = textOf(packedManifest(JSON.parse(readFileSync(join(aside, 'package.json'), 'utf8'))));
  if (readFileSync(manifestFile, 'utf8') !== packed) {
    throw new Error(
      `${manifestFile} was changed while it was the bundle's, as the last publishing failed: undo that, run node ../../scripts/bundle.js --remove there, and change it then`,
    );
  }
  const wasBuilt = existsSync(join(dist, BUILD_INFO));
  rmSync(dist, { recursive: true, force: true });
  renameSync(join(aside, 'dist'), dist);
  // The compiler makes all files again.
  if (wasBuilt) rmSync(join(dist, BUILD_INFO));
  renameSync(join(aside, 'package.json'), manifestFile);
  rmSync(aside, { recursive: true });
  return wasBuilt;
}

async function bundle() {
  rmSync(made, { recursive: true, force: true });
  const manifest = packedManifest(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const input = Object.fromEntries(
    entriesOf(manifest).map((path) => [/^(?:\.\/)?dist\/(.+)\.js$/.exec(path)[1], path]),
  );
  const isCore = 'zod' in input;
  if (isCore) input.zod = 'zod';
  const { dependencies, peerDependencies = {}, devDependencies = {} } = manifest;
  const external = Object.keys({ ...dependencies, ...peerDependencies, ...devDependencies });
  const bundler = await rolldown({
    cwd: folder,
    input,
    platform: 'node',
    tsconfig: false,
    external: external.map((name) => new RegExp(`^${name}(/|$)`)),
    plugins: [oneZod(isCore), places(dist)],
    onLog: (_, { message }) => {
      throw new Error(`${manifest.name}: ${message}`);
    },
  });
  const chunkFileNames = ({ isDynamicEntry, facadeModuleId }) =>
    isDynamicEntry ? relative(dist, facadeModuleId) : 'chunks/[name].js';
  // Classes keep their names, which errors and logs show.
  const names = { entryFileNames: '[name].js', chunkFileNames, keepNames: true };
  const { output } = await bundler.write({ dir: made, format: 'esm', ...names });
  for (const [path, text] of declarationsOf(manifest, dist)) write(path, text);
  const hasPage = existsSync(join(dist, 'page'));
  if (hasPage) cpSync(join(dist, 'page'), join(made, 'page'), { recursive: true });
  write('THIRD-PARTY-LICENSES', licensesOf(output, hasPage));

  mkdirSync(aside);
  renameSync(manifestFile, join(aside, 'package.json'));
  renameSync(dist, join(aside, 'dist'));
  renameSync(made, dist);
  writeFileSync(manifestFile, textOf(manifest));
}

function textOf(manifest) {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function write(path, text) {
  if (!text) return;
  mkdirSync(join(made, path, '..'), { recursive: true });
  writeFileSync(join(made, path), text);
}

/** Returns the manifest for packing. That of core has an entry for zod, which the bundles of other packages load. */
function packedManifest(manifest) {
  const kept = Object.entries(manifest.dependencies).filter(([name]) => !BUNDLED.includes(name));
  const packed = { ...manifest, dependencies: Object.fromEntries(kept) };
  if (!ZOD.startsWith(`${manifest.name}/`)) return packed;
  return {
    ...packed,
    exports: { ...packed.exports, './zod': { types: './dist/zod/index.d.ts', default: './dist/zod.js' } },
  };
}

function entriesOf({ exports, bin = {}, imports = {} }) {
  return [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin), ...Object.values(imports)];
}
