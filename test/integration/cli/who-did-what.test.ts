import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { newScheduler, Stored } from '../../support/in-process.js';
import { carillon, done } from './carillon.js';

it('each command that changes something says who asks, and why; the system user where no caller does', async () => {
  const { prefix } = new Stored();
  const line = '{"id": "y", "task": "a", "trigger": {"type": "interval", "seconds": 3600}}\n';
  await done(['jobs', 'add', 'a', '--id', 'x', '--every', '1h'], { prefix });
  await done(['jobs', 'add', 'a', '--id', 'z', '--every', '1h'], { prefix, env: { CARILLON_ACTOR: 'ann' } });
  const why = ['--actor', 'ann@example.org', '--reason', 'month end'];
  await done(['jobs', 'import', ...why], { prefix, input: line });
  for (const args of [
    ['jobs', 'modify', 'x', '--priority', '1'],
    ['jobs', 'reschedule', 'x', '--every', '2h'],
    ['jobs', 'pause', 'x'],
    ['jobs', 'resume', 'x'],
    ['jobs', 'run', 'x'],
    ['jobs', 'remove', 'x', '--cancel-runs'],
    ['enqueue', 'a'],
    ['jobs', 'pause', '--all'],
    ['jobs', 'resume', '--all'],
    ['jobs', 'remove', '--all'],
  ]) {
    await done([...args, ...why], { prefix });
  }
  const run = await newScheduler(prefix).enqueue('a');
  await done(['runs', 'cancel', run.runId, ...why], { prefix });
  await done(['job-stores', 'forget', ...why], { prefix });
  const { json } = await done(['events', '--since', '10m', '--count', '19', '--json'], { prefix });
  const reported = json.map(({ type, actor, reason }) => [type, actor ?? null, reason ?? null].join(' '));
  const asked = ['job_added', 'job_modified', 'job_modified', 'job_paused', 'job_resumed', 'job_submitted'];
  const more = ['job_removed', 'job_cancelled', 'job_submitted', 'scheduler_paused', 'scheduler_resumed'];
  const all = [...asked, ...more, 'job_removed', 'job_removed', 'all_jobs_removed'];
  expect(reported).toEqual([
    `job_added ${userInfo().username} `,
    'job_added ann ',
    ...all.map((type) => `${type} ann@example.org month end`),
    'job_submitted  ',
    'job_cancelled ann@example.org month end',
    'jobstore_removed ann@example.org month end',
  ]);
  const wrong = await carillon(['jobs', 'pause', 'x', '--reason', 'r'.repeat(501)], { prefix });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/reason .* has 501 characters/) });
});
