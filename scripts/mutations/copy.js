import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COPIED = [
  ...['packages', 'test', 'package.json', 'tsconfig.json', 'tsconfig.base.json'],
  ...['vitest.config.ts', 'vitest.shared.ts'],
];

/** Copies the tree. The copy has its own copies of our packages, and uses everything else that they need from `root`. */
export function copyOfTree(root) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'carillon-mutations-')));
  for (const path of COPIED) cpSync(join(root, path), join(copy, path), { recursive: true, preserveTimestamps: true });
  const modules = join(root, 'node_modules');
  mkdirSync(join(copy, 'node_modules', '@carillon'), { recursive: true });
  for (const name of readdirSync(modules)) {
    const ours = join(copy, 'packages', name);
    // Skips what vitest keeps there (`.sources`): it belongs to `root`.
    if (name === '@carillon' || (name.startsWith('.') && name !== '.bin')) continue;
    symlinkSync(existsSync(ours) ? ours : join(modules, name), join(copy, 'node_modules', name));
  }
  for (const name of readdirSync(join(modules, '@carillon'))) {
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules', '@carillon', name));
  }
  return { path: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}
