import { interval } from '@carillon/core';
import { expect, it } from 'vitest';
import { Stored, together } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

/** Each command that only reads. */
const READING: readonly (readonly string[])[] = [
  ['jobs', 'list'],
  ['jobs', 'show', 'x'],
  ['jobs', 'export'],
  ['runs'],
  ['runs', 'list', 'x'],
  ['runs', 'show', 'x'],
  ['workers'],
  ['quarantine', 'list'],
  ['quarantine', 'show', 'x'],
  ['next', '--job', 'x'],
  ['audit'],
];

it('a job store that does not exist has no empty answer', async () => {
  const stored = new Stored();
  const { prefix } = stored;
  for (const args of READING) {
    expect(await carillon([...args, '--job-store', 'nope'], { prefix }), args.join(' ')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/job store "nope" does not exist: there is none yet/),
    });
  }
  expect(await stored.keys()).toEqual([]);
  await done(['job-stores', 'add', '--job-store', 'reports'], { prefix });
  expect(await carillon(['jobs', 'list', '--job-store', 'nope'], { prefix })).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/does not exist: there are reports/),
  });
  // A job store exists if it is empty, and also after it was forgotten.
  for (const args of [['jobs', 'list'], ['runs'], ['audit']])
    await done([...args, '--job-store', 'reports'], { prefix });
  await done(['job-stores', 'forget', '--job-store', 'reports'], { prefix });
  await done(['jobs', 'list', '--job-store', 'reports'], { prefix });
});

it('explain and audit of a job of which nothing is known fail; of one that is gone, they do not', async () => {
  const { carillon: scheduler, stored } = await together({ a: async () => null });
  const { prefix } = stored;
  await scheduler.addJob({ id: 'gone', task: 'a', trigger: interval('1h') });
  await scheduler.addJob({ id: 'there', task: 'a', trigger: interval('1h') });
  await scheduler.removeJob('gone');
  for (const args of [
    ['explain', 'nothing', 'now'],
    ['explain', 'nothing', '2026-01-01T00:00:00Z'],
    ['explain', 'nothing', '1h', '--to', 'now'],
    ['audit', '--job', 'there,nothing'],
  ]) {
    expect(await carillon(args, { prefix }), args.join(' ')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/job "nothing" is not in job store "default"/),
    });
  }
  for (const id of ['there', 'gone']) await done(['explain', id, '1h'], { prefix });
});
