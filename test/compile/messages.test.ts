import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Each call passes a value that JSON cannot carry to one task of many. */
const CALLS = [
  "scheduler.enqueue('when', [new Date()]);",
  "scheduler.addJob({ task: 'when', args: [new Date()] });",
  "scheduler.addJob({ id: 'x', task: 'nested', args: [{ deep: [{ at: new Date() }] }] });",
  "scheduler.addJobs([{ task: 'when', args: [new Date()] }]);",
  "scheduler.modifyJob('x', { task: 'when', args: [new Date()] });",
  "scheduler.addJobs([{ task: 'ping' }, { task: 'when', args: [new Date()] }]);",
];

it("the compiler's message about a Date is as short for a job as for enqueue", async () => {
  const folder = mkdtempSync(`${root}node_modules/.messages-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const head = [
    "import type { Scheduler } from '@carillon/core';",
    "import type { Tasks } from '../../test/types/tasks.js';",
    'declare const scheduler: Scheduler<Tasks>;',
  ];
  writeFileSync(`${folder}/calls.ts`, [...head, ...CALLS].join('\n'));
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({ extends: '../../test/types/tsconfig.json', files: ['calls.ts'], include: [] }),
  );
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const call = promisify(execFile)(process.execPath, [compiler, '-p', folder, '--noEmit', '--pretty', 'false']);
  const { stdout } = await call.catch((error: { readonly stdout: string }) => error);
  const messages = stdout.trim().split('\n');
  expect(messages.map((line) => Number(/\((\d+),/.exec(line)?.[1]))).toEqual(CALLS.map((_, index) => index + 4));
  for (const message of messages) {
    const said = message.slice(message.indexOf('error TS'));
    expect(said).toMatch(/'Date'.*JsonCannotCarry<Date>/);
    expect(said.length).toBeLessThan(120);
  }
});
