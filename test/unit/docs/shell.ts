import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** Notes each called program with its arguments, and runs none. */
const NOTE_ONLY = `
command_not_found_handle() { printf '%s\\0' "$@" '' >> "$NOTED"; }
PATH=/nowhere
`;
const PATIENCE_MS = 60_000;

/**
 * Returns the programs that a block of shell code calls, each with its arguments as a shell reads them. None of them runs. The shell
 * does its own part: variables, pipes, files in a folder of its own.
 * @throws Error if the shell cannot read it
 */
export async function calledIn(code: string): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-docs-'));
  const noted = join(folder, 'noted');
  try {
    const env = { NOTED: noted, HOME: folder };
    const { stderr } = await execute('/bin/bash', ['-c', `${NOTE_ONLY}${code}`], {
      cwd: folder,
      env,
      timeout: PATIENCE_MS,
    });
    if (stderr.includes('syntax error')) throw new Error(stderr);
    const text = await readFile(noted, 'utf8').catch(() => '');
    return text
      .split('\0\0')
      .slice(0, -1)
      .map((call) => call.split('\0'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
