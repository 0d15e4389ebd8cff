import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes a file into a folder that is removed after the test, and returns its path. */
export async function file(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-file-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}
