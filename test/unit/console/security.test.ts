import { ConnectionError, cron } from '@carillon/core';
import { describe, expect, it, vi } from 'vitest';
import type { Route } from '../../../packages/console/src/api/route.js';
import { ROUTES } from '../../../packages/console/src/api/routes.js';
import { SESSION_ROUTES } from '../../../packages/console/src/api/session.js';
import { RIGHTS, RIGHTS_OF, type Right, type Role } from '../../../packages/console/src/auth/rights.js';
import { type ConsoleInMemory, consoleInMemory } from '../../support/console.js';

/** A request of each route. It succeeds, or core refuses it, for a role that may make it. A route without a row fails. */
const ROWS: Readonly<Record<string, { readonly query?: string; readonly body?: object }>> = {
  listStores: {},
  inspectStore: {},
  measureStore: {},
  listWorkers: {},
  pauseStore: { body: {} },
  resumeStore: { body: {} },
  listJobs: {},
  getJob: {},
  previewJob: {},
  listRunsOfJob: {},
  addJob: { body: { id: 'new', task: 'report', tags: ['mine'] } },
  addJobs: { body: { jobs: [{ id: 'new', task: 'report', tags: ['mine'] }] } },
  modifyJob: { body: { priority: 1 } },
  rescheduleJob: { body: { trigger: { type: 'cron', expression: '0 8 * * *' } } },
  pauseJob: { body: {} },
  resumeJob: { body: {} },
  removeJob: { body: {} },
  removeAllJobs: { body: { expected: 2 } },
  countJobs: {},
  pauseJobs: { body: { filter: { task: 'report' }, expected: 2 } },
  resumeJobs: { body: { filter: { task: 'report' }, expected: 2 } },
  runJobs: { body: { filter: { task: 'report' }, expected: 2 } },
  removeJobs: { body: { filter: { task: 'report' }, expected: 2 } },
  recentOutcomes: { body: { jobs: ['mine', 'foreign'] } },
  listChanges: {},
  storeHistory: {},
  diagnoseStore: {},
  forecast: {},
  listRuns: {},
  getRun: {},
  getResult: { query: '?timeout=1' },
  cancelRun: { body: {} },
  retryRun: { body: {} },
  retryRuns: { body: { filter: { task: 'report' }, expected: 0 } },
  runJob: { body: {} },
  enqueue: { body: { task: 'report' } },
  listEvents: {},
  streamEvents: { query: '?after=0-1&limit=1' },
  explainJob: { query: '?at=2026-03-27T12:00:00Z' },
  countFires: { query: '?from=2026-03-27T00:00:00Z&to=2026-03-28T00:00:00Z' },
  explainRun: {},
  audit: {},
  listQuarantined: {},
  getQuarantined: {},
  restoreQuarantined: { body: {} },
  removeQuarantined: { body: {} },
  previewTrigger: { body: { trigger: { type: 'cron', expression: '0 8 * * *' } } },
};

const OPEN = new Set(['listStores', 'previewTrigger']);

/** The roles that have each right, repeated here from the code. */
const ROLES: Readonly<Record<Right, readonly Role[]>> = {
  read: ['viewer', 'operator', 'admin'],
  operate: ['operator', 'admin'],
  enqueue: ['operator', 'admin'],
  change: ['admin'],
  administer: ['admin'],
};

interface Objects {
  readonly store: string;
  readonly job: string;
  readonly run: string;
}

async function set(): Promise<ConsoleInMemory & { readonly mine: Objects; readonly foreign: Objects }> {
  const made = consoleInMemory({ jobStores: ['default', 'other'], realTime: true });
  const objects: Objects[] = [];
  for (const job of ['mine', 'foreign']) {
    await made.scheduler.addJob({ id: job, task: 'report', tags: [job], trigger: cron('0 9 * * *'), maxInstances: 9 });
    objects.push({ store: 'default', job, run: (await made.scheduler.runJob(job)).runId });
  }
  return { ...made, mine: objects[0] as Objects, foreign: objects[1] as Objects };
}

function pathOf({ path, operationId }: Route, { store, job, run }: Objects): string {
  const filled = path.replace('{store}', store).replace('{job}', job).replace('{run}', run).replace('{record}', 'none');
  return filled.slice(1) + (ROWS[operationId]?.query ?? '');
}

const send = (to: ConsoleInMemory, one: Route, objects: Objects, more: Parameters<ConsoleInMemory['ask']>[3]) =>
  to.ask(one.method.toUpperCase(), pathOf(one, objects), ROWS[one.operationId]?.body, more);

/** Routes that remove objects run last. */
const inOrder = [...ROUTES].sort((a, b) => removes(a) - removes(b));

const writes = ROUTES.filter(({ method }) => method !== 'get');

function removes({ operationId }: Route): number {
  return Number(operationId.startsWith('remove'));
}

describe('each route', () => {
  it('has a row here, and no row is of no route', () => {
    expect(ROUTES.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(ROWS).sort());
  });

  it('returns 401 to a caller that the console does not know', async () => {
    const to = await set();
    for (const one of ROUTES) {
      const { status, body, headers } = await send(to, one, to.mine, { as: null });
      expect([one.operationId, status, body.code]).toEqual([one.operationId, 401, 'UNAUTHENTICATED']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('wants the one right that it names: with all others 403, with it alone no refusal', async () => {
    for (const one of ROUTES) {
      const to = await set();
      const others = RIGHTS.filter((right) => right !== one.right);
      const refused = await send(to, one, to.mine, { as: { actor: 'eve', rights: others } });
      expect([one.operationId, refused.status, refused.body.code]).toEqual([one.operationId, 403, 'FORBIDDEN']);
      const taken = await send(to, one, to.mine, { as: { actor: 'ann', rights: [one.right] } });
      expect([401, 403, 500], one.operationId).not.toContain(taken.status);
    }
  });

  it.each(Object.keys(RIGHTS_OF) as Role[])('%s: may what the table says', async (role) => {
    const to = await set();
    for (const one of inOrder) {
      const { status } = await send(to, one, to.mine, { as: { actor: 'rob', role } });
      expect([one.operationId, status === 403]).toEqual([one.operationId, !ROLES[one.right].includes(role)]);
    }
  });

  it('treats a foreign job store as one that does not exist', async () => {
    const to = await set();
    const as = { actor: 'eve', role: 'admin', stores: ['other'] } as const;
    for (const one of ROUTES.filter(({ operationId }) => !OPEN.has(operationId))) {
      const foreign = await send(to, one, to.mine, { as });
      const missing = await send(to, one, { ...to.mine, store: 'nowhere' }, { as });
      expect([one.operationId, foreign.status]).toEqual([one.operationId, 404]);
      const inWords = JSON.stringify(foreign.body).replaceAll('default', 'nowhere');
      expect(JSON.parse(inWords)).toEqual(missing.body);
    }
    expect((await to.ask('GET', 'v1/stores', undefined, { as })).body).toEqual({ stores: [{ jobStore: 'other' }] });
    expect((await to.scheduler.getJobs()).jobs).toHaveLength(2);
  });

  it('treats a job of other tags, and its runs, as one that does not exist; refuses what is of the whole store', async () => {
    const to = await set();
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    for (const one of ROUTES.filter(({ subject }) => subject !== 'console' && subject !== 'store')) {
      const { status, body } = await send(to, one, to.foreign, { as });
      const missing = await send(to, one, { ...to.foreign, job: 'no', run: 'no' }, { as });
      expect([one.operationId, status]).toEqual([one.operationId, one.subject === 'whole store' ? 403 : 404]);
      const inWords = JSON.stringify(body).replaceAll('foreign', 'no').replaceAll(to.foreign.run, 'no');
      expect(JSON.parse(inWords)).toEqual(missing.body);
    }
    expect(await to.scheduler.getJob('foreign')).toMatchObject({ paused: false, priority: 0 });
  });

  it('lists of the jobs, runs and events of other tags nothing', async () => {
    const to = await set();
    await to.scheduler.enqueue('report');
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    for (const [path, member] of [
      ['jobs', 'jobs'],
      ['runs', 'runs'],
      ['events', 'events'],
    ] as const) {
      const { body } = await to.ask('GET', `v1/stores/default/${path}`, undefined, { as });
      const ids = body[member].map((one: { id?: string; jobId?: string }) => one.jobId ?? one.id);
      expect([path, [...new Set(ids)]]).toEqual([path, ['mine']]);
    }
  });

  it('names no job of other tags in the cursor of a page, and takes no cursor of another console', async () => {
    const to = consoleInMemory({ realTime: true });
    const trigger = cron('0 9 * * *');
    for (let number = 0; number < 9; number++) {
      const tag = number % 3 === 0 ? 'mine' : 'secret';
      await to.scheduler.addJob({ id: `${tag}-${number}`, task: 'report', tags: [tag], trigger });
    }
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    const seen: string[] = [];
    const cursors: string[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { status, body } = await to.ask('GET', `v1/stores/default/jobs?limit=2${at}`, undefined, { as });
      expect(status).toBe(200);
      seen.push(...body.jobs.map(({ id }: { readonly id: string }) => id));
      cursor = body.cursor;
      if (cursor !== null) cursors.push(cursor);
    } while (cursor !== null);
    expect(seen.sort()).toEqual(['mine-0', 'mine-3', 'mine-6']);
    expect(cursors.length).toBeGreaterThan(2);
    for (const one of cursors)
      expect(Buffer.from(one, 'base64url').toString('latin1')).not.toMatch(/secret|mine|dueAt/);
    for (const path of ['jobs', 'runs', 'events', 'jobs/mine-0/explain']) {
      const others = path.endsWith('explain') ? '&from=2026-03-27T12:00:00Z&to=2026-03-28T12:00:00Z' : '';
      const foreign = await set();
      for (const wrong of [cursors[0], 'AAAA', `${cursors[0]}A`.slice(2)]) {
        const url = `v1/stores/default/${path.replace('mine-0', 'mine')}?limit=2&cursor=${wrong}${others}`;
        const { status, body } = await foreign.ask('GET', url, undefined, { as });
        expect([path, status, body.detail]).toEqual([path, 400, expect.stringContaining('query.cursor')]);
      }
    }
  });

  it('takes no key of another caller: neither by Idempotency-Key nor in a body', async () => {
    const to = await set();
    const run = (actor: string, body: object, headers = {}) =>
      to.ask('POST', 'v1/stores/default/runs', body, { as: { actor, role: 'operator' }, headers });
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update('["ann","nightly"]').digest('base64url');
    const poison = await run('eve', { task: 'evil', dedupe: { key: `http ${digest}`, for: '1d' } });
    expect([poison.status, poison.body.detail]).toEqual([400, expect.stringContaining('body.dedupe.key')]);
    expect((await run('eve', { task: 'evil' }, { 'idempotency-key': 'nightly' })).body.isDuplicate).toBe(false);
    expect((await run('ann', { task: 'report' }, { 'idempotency-key': 'nightly' })).body.isDuplicate).toBe(false);
  });

  it('lets no caller who is limited to tags write a job that lies outside', async () => {
    const to = await set();
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    const store = 'v1/stores/default';
    for (const tags of [undefined, [], ['foreign'], ['mine', 'foreign']]) {
      const added = await to.ask('POST', `${store}/jobs`, { id: 'x', task: 'report', tags }, { as });
      expect([tags, added.status]).toEqual([tags, 403]);
    }
    for (const tags of [[], ['foreign']]) {
      expect((await to.ask('PATCH', `${store}/jobs/mine`, { tags }, { as })).status).toBe(403);
    }
    const body = { id: 'foreign', task: 'evil', tags: ['mine'], replaceExisting: true };
    expect(await to.ask('POST', `${store}/jobs`, body, { as })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICTING_ID' },
    });
    expect((await to.ask('POST', `${store}/jobs?dryRun=true`, body, { as })).status).toBe(409);
    expect(await to.scheduler.getJob('foreign')).toMatchObject({ task: 'report' });
    expect((await to.scheduler.getJobs()).jobs).toHaveLength(2);
  });

  it('of outcomes: those of the jobs of its tags alone', async () => {
    const to = await set();
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    const { body } = await to.ask('POST', 'v1/stores/default/outcomes', ROWS.recentOutcomes?.body, { as });
    expect(body.jobs.map(({ jobId }: { jobId: string }) => jobId)).toEqual(['mine']);
  });

  it('lets no caller who is limited to tags write a job that leaves these tags, or comes, while the request is on its way', async () => {
    const as = { actor: 'eve', role: 'admin', tags: ['mine'] } as const;
    const store = 'v1/stores/default';
    const replacing = (id: string) => ({ id, task: 'evil', tags: ['mine'], replaceExisting: true });
    const rows = [
      ['POST', `${store}/jobs`, replacing('mine')],
      ['POST', `${store}/jobs`, replacing('new')],
      ['PATCH', `${store}/jobs/mine`, { priority: 9 }],
      ['POST', `${store}/jobs/mine/reschedule`, ROWS.rescheduleJob?.body],
      ['POST', `${store}/jobs/mine/pause`, {}],
      ['DELETE', `${store}/jobs/mine`, {}],
    ] as const;
    for (const [method, path, body] of rows) {
      const to = await set();
      const others = { task: 'theirs', tags: ['foreign'] };
      // After each look at the job, another caller gives the job other tags.
      const { getJob } = Object.getPrototypeOf(to.scheduler);
      const looks = vi.spyOn(Object.getPrototypeOf(to.scheduler), 'getJob').mockImplementation(async function (
        this: unknown,
        ...given: unknown[]
      ) {
        const found = await getJob.apply(this, given);
        if (found) await to.scheduler.modifyJob('mine', others);
        else await to.scheduler.addJob({ id: 'new', ...others });
        return found;
      });
      const { status } = await to.ask(method, path, body, { as });
      looks.mockRestore();
      expect([method, path, [404, 409, 412].includes(status)]).toEqual([method, path, true]);
      for (const { id, task, priority, paused } of (await to.scheduler.getJobs({ filter: { tags: ['foreign'] } }))
        .jobs) {
        expect([path, id, task, priority, paused]).toEqual([
          path,
          id,
          id === 'foreign' ? 'report' : 'theirs',
          0,
          false,
        ]);
      }
      expect((await to.scheduler.getJobs({ filter: { task: 'evil' } })).jobs).toEqual([]);
    }
  });
});

describe('what is about the caller', () => {
  it('is in the document, each with its row here', () => {
    expect(SESSION_ROUTES.map(({ method, operationId }) => `${method} ${operationId}`)).toEqual([
      'get getSession',
      'post logIn',
      'delete logOut',
    ]);
  });

  it('returns who one is only to callers that the console knows', async () => {
    const to = await set();
    expect((await to.ask('GET', 'v1/session', undefined, { as: null })).status).toBe(401);
    const as = { actor: 'eve', rights: ['read'], tags: ['mine'], redact: true } as const;
    expect((await to.ask('GET', 'v1/session', undefined, { as })).body).toEqual({
      actor: 'eve',
      rights: ['read'],
      stores: null,
      tags: ['mine'],
      redact: ['arguments', 'results', 'errors'],
    });
  });
});

describe('each address', () => {
  it('takes the methods that it has, and returns 405 with these to each other one', async () => {
    const to = await set();
    const paths = new Set([...ROUTES, ...SESSION_ROUTES].map(({ path }) => path));
    for (const path of paths) {
      const all: { readonly path: string; readonly method: string }[] = [...ROUTES, ...SESSION_ROUTES];
      const taken = all.filter((one) => one.path === path).map(({ method }) => method.toUpperCase());
      for (const method of ['PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS'].filter((one) => !taken.includes(one))) {
        const filled = path.replaceAll(/\{(\w+)\}/g, 'x').slice(1);
        const { status, headers, body } = await to.ask(method, filled, undefined, { wrong: true });
        expect([method, path, status, body.code]).toEqual([method, path, 405, 'METHOD_NOT_ALLOWED']);
        expect(headers.get('allow')?.split(', ').sort()).toEqual(taken.sort());
      }
    }
  });

  it('of a job is one for each id that there may be', async () => {
    const to = await set();
    for (const id of ['.', '..', '~', '~.', '~~', '.a', 'a/b', 'é %2e?#', '...']) {
      await to.scheduler.addJob({ id, task: 'report' });
      const inPath = encodeURIComponent(/^[.~]/.test(id) ? `~${id}` : id);
      const { status, body } = await to.ask('GET', `v1/stores/default/jobs/${inPath}`);
      expect([id, status, body.id]).toEqual([id, 200, id]);
    }
  });
});

describe('each write', () => {
  it('is refused where it may come from a page of another origin', async () => {
    const to = await set();
    const sites = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': '' },
      { 'sec-fetch-site': 'cross-site', authorization: 'Bearer x' },
      { 'sec-fetch-site': '', authorization: 'Basic YTpi' },
    ];
    for (const one of writes) {
      for (const headers of sites) {
        const { status, body } = await send(to, one, to.mine, { headers });
        expect([one.operationId, headers, status, body.code]).toEqual([one.operationId, headers, 403, 'CROSS_SITE']);
      }
    }
    expect((await to.scheduler.getJobs()).jobs).toHaveLength(2);
  });

  it('is refused with another content type than JSON, with a body that is too long, and with one that is not JSON', async () => {
    const to = await set();
    for (const one of writes) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
        const { status } = await send(to, one, to.mine, { headers: { 'content-type': type } });
        expect([one.operationId, type, status]).toEqual([one.operationId, type, 415]);
      }
      const path = pathOf(one, to.mine);
      for (const [text, wanted] of [
        [`{"reason": "${'x'.repeat(1024 * 1024)}"}`, 413],
        ['{"reason"', 400],
        ['[]', 400],
        ['null', 400],
        ['{"nothing": 1}', 400],
      ] as const) {
        const { status } = await to.ask(one.method.toUpperCase(), path, text, { wrong: true });
        expect([one.operationId, text.slice(0, 20), status]).toEqual([one.operationId, text.slice(0, 20), wanted]);
      }
    }
    expect((await to.scheduler.getJobs()).jobs).toHaveLength(2);
  });

  it('changes nothing as a dry run, where it has one', async () => {
    const to = await set();
    const before = JSON.stringify([await to.scheduler.getJobs(), await to.scheduler.getEvents()]);
    for (const one of writes) {
      // These routes change nothing by themselves.
      if (['previewTrigger', 'recentOutcomes'].includes(one.operationId)) continue;
      const { status, body } = await to.ask(
        one.method.toUpperCase(),
        `${pathOf(one, to.mine)}?dryRun=true`,
        ROWS[one.operationId]?.body,
      );
      // The quarantine is empty.
      const wanted = one.operationId.endsWith('Quarantined') ? 404 : 200;
      expect([one.operationId, status]).toEqual([one.operationId, wanted]);
      if (status === 200) expect(body.dryRun).toBe(true);
    }
    expect(JSON.stringify([await to.scheduler.getJobs(), await to.scheduler.getEvents()])).toEqual(before);
  });
});

describe('each answer', () => {
  it('to what fails within says nothing of it: the log has it', async () => {
    const logged: unknown[] = [];
    const logger = { error: ({ err }: { readonly err: unknown }) => void logged.push(err) };
    const error = new Error('secret: redis://user:password@host');
    const auth = () => {
      throw error;
    };
    const { console } = consoleInMemory({ auth, logger });
    const answer = await console.fetch(new Request('http://console.test/v1/stores'));
    expect([answer.status, (await answer.text()).includes('secret'), logged]).toEqual([500, false, [error]]);
  });

  it('to a Redis that does not answer names no host: the log has it', async () => {
    const logged: unknown[] = [];
    const logger = { error: ({ err }: { readonly err: unknown }) => void logged.push(err) };
    const error = new ConnectionError('redis://10.1.2.3:6379', { cause: new Error('ECONNREFUSED') });
    const auth = () => {
      throw error;
    };
    const { console } = consoleInMemory({ auth, logger });
    const answer = await console.fetch(new Request('http://console.test/v1/stores'));
    const text = await answer.text();
    expect([answer.status, JSON.parse(text).code, text.includes('10.1.2.3'), logged]).toEqual([
      503,
      'CONNECTION',
      false,
      [error],
    ]);
  });

  it('is a file of the page, or none: no path leads out of its folder', async () => {
    const to = await set();
    for (const path of ['../package.json', '..%2fpackage.json', '%2e%2e/index.js', '..%5cindex.js', 'page/files.js']) {
      for (const before of ['', 'assets/', '/', '//etc/']) {
        const { status, body } = await to.ask('GET', `${before}${path}`, undefined, { wrong: true });
        expect([before, path, status, body.code]).toEqual([before, path, 404, 'NOT_FOUND']);
      }
    }
  });

  it('allows nothing of another origin, no frame and no guess, is not stored, and shares nothing', async () => {
    const to = await set();
    const answers = [
      await to.ask('GET', ''),
      await to.ask('GET', 'openapi.json'),
      await to.ask('GET', 'nothing/here'),
      ...(await Promise.all(ROUTES.map((one) => send(to, one, to.mine, { as: null })))),
      ...(await Promise.all(ROUTES.filter(({ method }) => method === 'get').map((one) => send(to, one, to.mine, {})))),
    ];
    for (const { headers } of answers) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('cache-control')).toMatch(/no-store|no-cache/);
    }
  });
});
