import { createConsole, type Identity } from '@carillon/console';
import { interval } from '@carillon/core';
import { currentRun } from '@carillon/worker';
import { testCluster } from 'carillon/testing';
import { expect, it } from 'vitest';
import { ROUTES } from '../../../packages/console/src/api/routes.js';

const SECRETS = { argument: 'SECRET-ARGUMENT', result: 'SECRET-RESULT', error: 'SECRET-ERROR' };

const tasks = {
  returns: async (_: string) => ({ reported: SECRETS.result }),
  fails: async (_: string) => {
    throw new Error(SECRETS.error);
  },
  shows: async (_: string) => {
    await currentRun().progress({ reported: SECRETS.result });
    await new Promise<never>(() => {});
  },
};

const QUERIES: Readonly<Record<string, string>> = {
  explainJob: '?from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z',
  countFires: '?from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z',
  getResult: '?timeout=1',
  streamEvents: '?after=0-1&types=job_executed,job_error&limit=4',
};

it('what a caller is not shown is in no answer, whichever route it asks', async () => {
  await using cluster = await testCluster({ tasks, start: '2026-03-02T08:00:00Z' });
  const { clock, scheduler } = cluster;
  for (const task of ['returns', 'fails', 'shows'] as const) {
    const spec = { task, args: [SECRETS.argument], trigger: interval('1m'), history: { perJob: 9 } };
    await scheduler.addJob({ ...spec, id: task } as never);
    await scheduler.modifyJob(task, { task, args: [SECRETS.argument, 2] } as never);
  }
  await clock.advance('3m');
  const failed = (await scheduler.previewRetry({ jobId: 'fails' })).runs.slice(-1).map(({ runId }) => runId);
  await scheduler.retryRuns({ runIds: failed }, { expected: 1 });
  await clock.advance('1s');
  const { runs } = await scheduler.getRuns();
  let identity: Identity = { actor: 'ann', role: 'viewer' };
  const console = createConsole({ scheduler: scheduler as never, auth: () => identity });
  const answers = async (): Promise<string> => {
    const texts: string[] = [];
    for (const { path, operationId } of ROUTES.filter(({ method }) => method === 'get')) {
      for (const task of Object.keys(tasks)) {
        // The run of this task has no result.
        if (operationId === 'getResult' && task === 'shows') continue;
        const run = runs.find(({ jobId }) => jobId === task)?.runId ?? '';
        const filled = path.replace('{store}', 'default').replace('{job}', task).replace('{run}', run);
        const url = `http://console.test${filled.replace('{record}', 'none')}${QUERIES[operationId] ?? ''}`;
        const response = await console.fetch(new Request(url));
        texts.push(`${operationId} ${response.status} ${await response.text()}`);
      }
    }
    return texts.join('\n');
  };
  const shown = await answers();
  // If the secrets were not shown here, their absence below would prove nothing.
  expect(shown).toContain('"again":[{');
  for (const secret of Object.values(SECRETS)) expect(shown.split(secret).length).toBeGreaterThan(4);
  for (const [redact, hidden] of [
    [['arguments'], [SECRETS.argument]],
    [['results'], [SECRETS.result]],
    [['errors'], [SECRETS.error]],
    [true, Object.values(SECRETS)],
  ] as const) {
    identity = { actor: 'eve', role: 'viewer', redact };
    const lines = (await answers()).split('\n').filter((line) => hidden.some((secret) => line.includes(secret)));
    expect([redact, lines.map((line) => line.slice(0, 200))]).toEqual([redact, []]);
  }
});
