import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../benchmarks/run.js', import.meta.url));

type Row = Readonly<Record<string, unknown>>;
export type BenchReport = Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;

/** The error that `execFile` rejects with. */
type Ended = Error & { readonly code?: number; readonly signal?: string } & Record<'stdout' | 'stderr', string>;

const howItEnded = ({ message, code, signal }: Ended) => `${message.split('\n')[0]} (${signal ?? code})`;

const tail = (text: string) => text.trimEnd().slice(-2_000);

/**
 * Runs these benchmarks for a few seconds, and returns their output and the JSON that they wrote.
 * @throws Error with the last output if one fails
 */
export async function quickly(...names: string[]): Promise<{ printed: string; report: BenchReport }> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  try {
    const file = join(folder, 'report.json');
    const args = [program, ...names, '--quick', '--json', file];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args).catch((error: Ended) => {
      throw new Error(`${howItEnded(error)}\nstdout: ${tail(error.stdout)}\nstderr: ${tail(error.stderr)}`);
    });
    return { printed: stdout + stderr, report: JSON.parse(await readFile(file, 'utf8')) as BenchReport };
  } finally {
    await rm(folder, { recursive: true });
  }
}
