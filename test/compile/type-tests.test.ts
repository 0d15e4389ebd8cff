import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('the type tests', () => {
  it('compile, and what is expected not to does not', async () => {
    const compiler = `${root}node_modules/typescript/bin/tsc`;
    const compile = promisify(execFile)(process.execPath, [compiler, '-p', 'test/types', '--pretty', 'false'], {
      cwd: root,
    });
    const output = await compile.catch((error: { readonly stdout: string; readonly stderr: string }) => error);
    expect(`${output.stdout}${output.stderr}`).toBe('');
  });

  it('expect something not to compile in each file that has rules', () => {
    const folder = `${root}test/types/`;
    const expected = Object.fromEntries(
      readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => [file, readFileSync(folder + file, 'utf8').split('// @ts-expect-error').length - 1]),
    );
    expect(expected).toEqual({
      'alert-rules.ts': 3,
      'calls.ts': 17,
      'job-spec.ts': 40,
      'listeners.ts': 8,
      'readme.ts': 7,
      'results.ts': 7,
      'schema-tasks.ts': 5,
      // Its one rule is a type.
      'task-scheduler.ts': 0,
      'tasks.ts': 0,
      'untyped.ts': 8,
    });
  });
});
