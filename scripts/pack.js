import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['package.json', '.npmrc', 'docs', 'packages', 'scripts'];

/** Packs all packages into a folder, as `npm publish` would. Packs from a copy, because packing replaces `dist`, which programs here may load. */
export function packInto(folder) {
  const copy = mkdtempSync(join(tmpdir(), 'carillon-to-pack-'));
  try {
    for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const args = ['pack', '--workspaces', '--pack-destination', folder, '--loglevel=error'];
    execFileSync('npm', args, { cwd: copy, stdio: ['ignore', 'ignore', 'inherit'] });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return readdirSync(folder).filter((name) => name.endsWith('.tgz'));
}
