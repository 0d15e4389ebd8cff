import { Coordinator } from '@carillon/coordinator';
import { cron, interval, Scheduler } from '@carillon/core';
import type { Backend, JobRecords } from '@carillon/core/internal';
import { Worker } from '@carillon/worker';
import { type AlertNotification, Alerts, type AlertsSettings } from 'carillon/alerts';
import { type TestCluster, testCluster } from 'carillon/testing';
import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';

const logger = pino({ level: 'silent' });

type Tasks = { readonly flaky: () => void; readonly fine: () => string };

/** A cluster in virtual time. It collects its alerts, one line each. */
class Scene {
  readonly reported: AlertNotification[] = [];
  readonly cluster: TestCluster<Tasks>;
  readonly settings: AlertsSettings;
  isFailing = false;

  constructor(cluster: Scene['cluster'], settings: AlertsSettings) {
    this.cluster = cluster;
    this.settings = { targets: { all: (one) => void this.reported.push(one) }, ...settings };
  }

  static async open(settings: AlertsSettings): Promise<Scene> {
    const tasks: Tasks = {
      flaky: () => {
        if (scene.isFailing) throw new Error('no paper');
      },
      fine: () => 'done',
    };
    const cluster = await testCluster({ tasks, start: '2026-01-01T00:00:30Z' });
    onTestFinished(() => cluster.shutdown());
    const scene = new Scene(cluster, settings);
    return scene;
  }

  async watch(more: Partial<AlertsSettings> = {}): Promise<Alerts> {
    const alerts = new Alerts({ ...this.settings, ...more, backend: this.cluster.cluster.connect(), logger });
    onTestFinished(() => alerts.stop());
    await alerts.start();
    await this.pass('2s');
    return alerts;
  }

  pass(time: `${number}${'s' | 'm' | 'h' | 'd'}`): Promise<void> {
    return this.cluster.clock.advance(time);
  }

  /** Returns why the alerts among the collected notifications were opened. */
  whys(): (string | undefined)[] {
    return this.reported.map(({ data }) => ('openedAt' in data ? data.why : undefined));
  }

  /** Takes the notifications since the last call: type, rule and subject. */
  take(): string[] {
    return this.reported.splice(0).map(({ type, data }) => {
      const about = 'when' in data ? `${data.rule} ${data.jobId ?? data.executor ?? data.task ?? data.jobStore}` : '';
      return `${type.replace(/^alerts?\./, '')} ${about}`.trim();
    });
  }
}

it('opens with the first failure after a success, says why, closes with the next success, and does not repeat', async () => {
  const scene = await Scene.open({
    rules: [
      { name: 'fails', when: 'failed', job: 'f*' },
      { name: 'fails-on', when: 'failed', times: 3 },
    ],
    link: 'https://console.example/{jobStore}/{jobId}?run={runId}',
  });
  const { scheduler } = scene.cluster;
  await scheduler.addJob({ id: 'f/1', task: 'flaky', trigger: interval('1m') });
  await scene.watch();
  await scene.pass('5m');
  expect(scene.take()).toEqual([]);
  scene.isFailing = true;
  await scene.pass('1m');
  const [opened] = scene.reported;
  expect(opened).toMatchObject({
    type: 'alert.opened',
    data: { rule: 'fails', when: 'failed', jobStore: 'default', jobId: 'f/1', task: 'flaky', code: 'error' },
  });
  expect(opened?.data).toMatchObject({ why: expect.stringMatching(/^Job f\/1: .*no paper/) });
  expect(opened?.data).toMatchObject({
    link: expect.stringMatching(/^https:\/\/console\.example\/default\/f%2F1\?run=[\w-]+$/),
  });
  expect(scene.take()).toEqual(['opened fails f/1']);
  await scene.pass('5m');
  expect(scene.take()).toEqual(['opened fails-on f/1']);
  scene.isFailing = false;
  await scene.pass('2m');
  expect(scene.take().sort()).toEqual(['closed fails f/1', 'closed fails-on f/1']);
  scene.isFailing = true;
  await scene.pass('1m');
  expect(scene.take()).toEqual(['opened fails f/1']);
  await scheduler.removeJob('f/1');
  await scene.pass('2s');
  expect(scene.take()).toEqual(['closed fails f/1']);
});

it('a run without a job is about its task', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed', task: 'flaky' }] });
  await scene.watch();
  scene.isFailing = true;
  await scene.cluster.scheduler.enqueue('flaky');
  await scene.cluster.scheduler.enqueue('fine');
  await scene.pass('5s');
  expect(scene.take()).toEqual(['opened fails flaky']);
});

it('what is not led, not served, late, missed and without success is reported, with the reason', async () => {
  const scene = await Scene.open({
    rules: [
      { name: 'leader', when: 'no_leader', for: '30s' },
      { name: 'workers', when: 'no_workers', for: '1m', executor: 'default' },
      { name: 'late', when: 'late', by: '20s' },
      { name: 'missed', when: 'missed' },
      { name: 'stale', when: 'no_success', for: '1h', job: 'hourly' },
    ],
  });
  const { scheduler, worker, coordinator } = scene.cluster;
  await scheduler.addJob({ id: 'hourly', task: 'fine', trigger: cron('*/10 * * * *'), misfireGraceTime: '5m' });
  await scene.watch();
  await scene.pass('25m');
  expect(scene.take()).toEqual([]);
  await coordinator.shutdown();
  await worker.shutdown();
  await scene.pass('2m');
  expect(scene.take().sort()).toEqual(['opened leader default', 'opened workers default']);
  await scene.pass('10m');
  expect(scene.take()).toEqual(['opened late hourly']);
  await scheduler.pauseJob('hourly', { actor: 'ann' });
  await scene.pass('5s');
  expect(scene.whys()).toEqual([expect.stringMatching(/^Job hourly: .* missed.* misfireGraceTime of 5 min/)]);
  expect(scene.take()).toEqual(['opened missed hourly']);
  await scene.pass('1h');
  expect(scene.whys()).toEqual([
    expect.stringMatching(/has not succeeded for 1 h, since 2026-01-01 00:20:00 UTC. .*: ann paused the job/),
  ]);
  expect(scene.take()).toEqual(['opened stale hourly']);
  // Another coordinator and another worker take their places, and alerting goes on.
  const { cluster } = scene.cluster;
  const next = {
    coordinator: new Coordinator({ backend: cluster.connect(), logger }),
    worker: new Worker({ backend: cluster.connect(), tasks: { fine: () => 1 }, logger }),
  };
  onTestFinished(async () => {
    await next.worker.shutdown();
    await next.coordinator.shutdown();
  });
  await Promise.all([next.coordinator.start(), next.worker.start()]);
  await scheduler.resumeJob('hourly');
  await scene.pass('15m');
  expect(scene.take().sort()).toEqual(
    ['leader default', 'late hourly', 'missed hourly', 'stale hourly', 'workers default']
      .map((one) => `closed ${one}`)
      .sort(),
  );
});

it('goes on after a restart from where it ended: nothing is lost, nothing comes twice', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  const { scheduler } = scene.cluster;
  for (const id of ['a', 'b'])
    await scheduler.addJob({ id, task: id === 'a' ? 'flaky' : 'fine', trigger: interval('1m') });
  const first = await scene.watch();
  await scene.pass('1m');
  await first.stop();
  scene.isFailing = true;
  await scene.pass('3m');
  expect(scene.take()).toEqual([]);
  const second = await scene.watch();
  expect(scene.take()).toEqual(['opened fails a']);
  await second.stop();
  await scene.pass('1m');
  const third = await scene.watch();
  expect(scene.take()).toEqual([]);
  await third.stop();
  scene.isFailing = false;
  await scene.pass('1m');
  await scene.watch();
  expect(scene.take()).toEqual(['closed fails a']);
});

it('is reported once by two processes, of which the other goes on where one has died', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  await scene.cluster.scheduler.addJob({ id: 'a', task: 'flaky', trigger: interval('1m') });
  const backend = scene.cluster.cluster.connect();
  const dying = new Alerts({ ...scene.settings, backend, logger });
  await dying.start();
  await scene.pass('2s');
  const other = await scene.watch();
  const watching = (alerts: Alerts) => alerts.health().jobStores.default?.watches;
  expect([watching(dying), watching(other)]).toEqual([true, false]);
  scene.isFailing = true;
  await scene.pass('1m');
  expect(scene.take()).toEqual(['opened fails a']);
  backend.kill();
  scene.isFailing = false;
  await scene.pass('1m');
  expect(other.health()).toEqual({
    status: 'running',
    jobStores: { default: { watches: true } },
    unserved: [],
  });
  expect(scene.take()).toEqual(['closed fails a']);
});

it('reports that a rule was removed, and drops what waits for a target that is gone', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  await scene.cluster.scheduler.addJob({ id: 'a', task: 'flaky', trigger: interval('1m') });
  scene.isFailing = true;
  const first = await scene.watch();
  await scene.pass('1m');
  expect(scene.take()).toEqual(['opened fails a']);
  await first.stop();
  await (await scene.watch({ rules: [] })).stop();
  expect(scene.reported).toMatchObject([{ type: 'alert.closed', data: { because: 'the rule was removed' } }]);
});

it('what is silenced opens and closes, and is not reported; what is still open then is reported then', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  const { scheduler, clock } = scene.cluster;
  for (const id of ['a', 'b']) await scheduler.addJob({ id, task: 'flaky', trigger: interval('1m') });
  const alerts = await scene.watch();
  const at = (ms: number) => new Date(clock.now() + ms);
  const short = await alerts.silence({ job: 'a*', until: at(150_000), actor: 'ann', reason: 'mended' });
  await alerts.silence({ rule: 'another', until: at(3_600_000) });
  expect(await alerts.getSilences()).toMatchObject([
    { id: short.id, job: ['a*'], actor: 'ann', reason: 'mended' },
    { rule: ['another'] },
  ]);
  scene.isFailing = true;
  await scene.pass('2m');
  expect(scene.take()).toEqual(['opened fails b']);
  expect((await alerts.getAlerts()).map(({ jobId, silenced }) => [jobId, silenced]).sort()).toEqual([
    ['a', true],
    ['b', false],
  ]);
  await scene.pass('1m');
  expect(scene.take()).toEqual(['opened fails a']);
  // An alert that was sent closes with a notification, also while it is silenced. One that was never sent closes silently.
  const all = await alerts.silence({ until: at(3_600_000) });
  await scheduler.addJob({ id: 'c', task: 'flaky', trigger: interval('1m') });
  await scene.pass('2m');
  scene.isFailing = false;
  await scene.pass('2m');
  expect(scene.take().sort()).toEqual(['closed fails a', 'closed fails b']);
  expect(await alerts.getAlerts()).toEqual([]);
  expect([await alerts.unsilence(all.id), await alerts.unsilence(all.id)]).toEqual([true, false]);
  await expect(alerts.silence({ until: at(-1) })).rejects.toThrow('is past');
  await expect(alerts.getAlerts({ jobStore: 'other' })).rejects.toThrow('other');
});

it('a silence counts for each alert that opens after it was set, also between two looks at the silences', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  const { scheduler, clock } = scene.cluster;
  const alerts = await scene.watch();
  scene.isFailing = true;
  // Alerting looks at the silences each 3 s.
  for (const job of ['a', 'b', 'c', 'd']) {
    await scheduler.addJob({ id: job, task: 'flaky', trigger: interval('1d') });
    await alerts.silence({ job, until: new Date(clock.now() + 3_600_000) });
    await scheduler.runJob(job);
    await scene.pass('1s');
  }
  await scene.pass('10s');
  expect((await alerts.getAlerts()).map(({ jobId, silenced }) => [jobId, silenced]).sort()).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
    ['d', true],
  ]);
  expect(scene.take()).toEqual([]);
});

/** A backend whose log goes back only to an instant. */
function cutLog(backend: Backend, from: () => number): Backend {
  const jobStore = (alias: string) => {
    const store = backend.jobStore(alias);
    const events: JobRecords['events'] = async (params) => {
      const page = await store.records.events(params);
      const after = 'id' in params.after ? Number.parseInt(params.after.id, 10) : params.after.before;
      const kept = page.events.filter(({ id }) => Number.parseInt(id, 10) >= from());
      return { events: kept, gap: after < from() };
    };
    const records = new Proxy(store.records, {
      get: (target, name) => {
        const member: unknown = name === 'events' ? events : Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    return { ...store, records };
  };
  return new Proxy(backend, {
    get: (target, name) => {
      const member: unknown = name === 'jobStore' ? jobStore : Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

it('says that events were not read, where the log was cut before, and finds what failed and what recovered meanwhile', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  const { scheduler, cluster, clock } = scene.cluster;
  for (const id of ['goes on', 'recovers', 'fails'])
    await scheduler.addJob({ id, task: id === 'fails' ? 'fine' : 'flaky', trigger: interval('1m') });
  scene.isFailing = true;
  const first = await scene.watch();
  await scene.pass('1m');
  expect(scene.take().sort()).toEqual(['opened fails goes on', 'opened fails recovers']);
  await first.stop();
  await scheduler.modifyJob('recovers', { task: 'fine' });
  await scheduler.modifyJob('fails', { task: 'flaky' });
  await scene.pass('5m');
  const cut = clock.now();
  const second = new Alerts({ ...scene.settings, backend: cutLog(cluster.connect(), () => cut), logger });
  onTestFinished(() => second.stop());
  await second.start();
  await scene.pass('10s');
  expect(scene.reported[0]).toMatchObject({
    type: 'alerts.gap',
    data: { jobStore: 'default', to: new Date(cut).toISOString() },
  });
  expect(scene.take().sort()).toEqual(['closed fails recovers', 'gap', 'opened fails fails']);
  await scene.pass('2m');
  expect(scene.take()).toEqual([]);
});

it('a fire time without an outcome is reported, once, and closes once it has one', async () => {
  const scene = await Scene.open({ rules: [{ name: 'gaps', when: 'audit_gap', job: 'a', every: '10m' }] });
  const first = new Date('2026-01-01T00:05:00Z');
  const found = { jobId: 'a', kind: 'unaccounted', first, last: first, count: 1, outcomes: [] } as const;
  const asked: (Date | string | undefined)[] = [];
  let findings: (typeof found)[] = [];
  const audit = vi.spyOn(Scheduler.prototype, 'audit').mockImplementation(async ({ from } = {}) => {
    asked.push(from);
    const to = new Date(scene.cluster.clock.now());
    return {
      jobStore: 'default',
      from: null,
      to,
      speaksFrom: null,
      jobs: 1,
      fireTimes: 1,
      findings,
      found: findings.length,
      unreadable: [],
    };
  });
  onTestFinished(() => audit.mockRestore());
  await scene.watch();
  await scene.pass('11m');
  expect(scene.take()).toEqual([]);
  findings = [{ ...found, jobId: 'not meant' } as never, found];
  await scene.pass('30m');
  expect(scene.whys()).toEqual([
    expect.stringMatching(/of job a the fire time 2026-01-01 00:05:00 UTC is unaccounted for\./),
  ]);
  expect(scene.take()).toEqual(['opened gaps a']);
  findings = [];
  await scene.pass('15m');
  expect(scene.take()).toEqual(['closed gaps a']);
  const began = Date.parse('2026-01-01T00:00:30Z');
  expect(asked[0]).toBeUndefined();
  expect(asked.slice(1).every((from) => from instanceof Date && from.getTime() < began)).toBe(true);
});

/** A backend that does not renew the place of the watching process once `isCut` returns true. */
function withoutRenewal(backend: Backend, isCut: () => boolean): Backend {
  const jobStore = (alias: string) => {
    const store = backend.jobStore(alias);
    const hold: typeof store.alerts.hold = (params) => (isCut() ? new Promise(() => {}) : store.alerts.hold(params));
    const { alerts } = store;
    const others = {
      keep: alerts.keep.bind(alerts),
      read: alerts.read.bind(alerts),
      silence: alerts.silence.bind(alerts),
    };
    return { ...store, alerts: { hold, ...others } };
  };
  return new Proxy(backend, {
    get: (target, name) => {
      const member: unknown = name === 'jobStore' ? jobStore : Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

it('a process that does not know that it lost its place reports nothing more', async () => {
  const scene = await Scene.open({ rules: [{ name: 'fails', when: 'failed' }] });
  await scene.cluster.scheduler.addJob({ id: 'a', task: 'flaky', trigger: interval('1m') });
  let isCut = false;
  const backend = scene.cluster.cluster.connect();
  const lost = new Alerts({ ...scene.settings, backend: withoutRenewal(backend, () => isCut), logger });
  await lost.start();
  await scene.pass('2s');
  const other = await scene.watch();
  isCut = true;
  await scene.pass('20s');
  expect(other.health().jobStores.default?.watches).toBe(true);
  scene.isFailing = true;
  await scene.pass('1m');
  expect(scene.take()).toEqual(['opened fails a']);
  expect(lost.health().jobStores.default?.watches).toBe(false);
  backend.kill();
});
