import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last lines that it wrote to either output, to show if it failed. */
  readonly tail: string;
}

/** Runs a program to its end, without input, and captures its output. A failure is a result, not an exception. */
export function run(
  program: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<Outcome> {
  const { env, timeoutMs: timeout } = options;
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout, maxBuffer: 2 ** 25 }, (error, stdout, stderr) => {
      const tail = lastLines(`${stdout}\n${stderr}`) || (error?.message ?? '');
      resolve({ ok: error === null, stdout: stdout.trim(), tail });
    });
    child.stdin?.end();
  });
}

/** Returns the first of these programs in the folders of a PATH. */
export function onPath(names: readonly string[], path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export function lastLines(text: string, count = 5): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n');
}
