import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import type { Formats } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { formatFindings } from '../../../packages/core/src/doctor/format-findings.js';

const older = { oldest: 1, newest: 1 };
const newer = { oldest: 1, newest: 2 };
/** It no longer writes what the older ones read. */
const newest = { oldest: 2, newest: 2 };

interface Member {
  start(): Promise<void>;
  shutdown(): Promise<void>;
}

function world() {
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null, level: 'warn' }, { write: (line) => void lines.push(JSON.parse(line)) });
  const begun = <M extends Member>(member: M): M => {
    onTestFinished(() => member.shutdown());
    void member.start();
    return member;
  };
  const backend = (formats: Formats) => cluster.connect({ formats });
  const ran: string[] = [];
  const worker = (name: string, formats: Formats) =>
    begun(new Worker({ backend: backend(formats), logger, tasks: { note: () => void ran.push(name) } }));
  const coordinator = (formats: Formats) => begun(new Coordinator({ backend: backend(formats), logger }));
  const scheduler = (formats: Formats) => new Scheduler({ backend: backend(formats), logger });
  return { clock, ran, lines, worker, coordinator, scheduler };
}

test('members that read less are not served, say so and are named; they are served once newer ones that write nothing less are gone', async () => {
  const { clock, ran, lines, worker, coordinator, scheduler } = world();
  const leader = coordinator(newest);
  const client = scheduler(newest);
  await client.addJob({ id: 'job', task: 'note', trigger: { type: 'interval', seconds: 10 } });
  await clock.advance('15s');
  const [w, c] = [worker('old', older), coordinator(older)];
  await clock.advance('1m');
  const why = expect.stringContaining('format 2, and this release reads no higher than 1');
  expect(w.health().unserved).toMatchObject([{ executor: 'default', reason: 'format_not_read', why }]);
  expect(c.health().unserved).toMatchObject([{ jobStore: 'default', reason: 'format_not_read', why }]);
  await expect(scheduler(older).getJob('job')).rejects.toMatchObject({ code: 'FORMAT_TOO_NEW' });
  const reported = lines.filter(({ msg }) => String(msg).includes('format'));
  expect(reported).toMatchObject([{ code: 'FORMAT_TOO_NEW', why }]);
  const inspection = await client.inspect();
  expect(formatFindings(inspection)).toMatchObject([
    { level: 'error', code: 'format_too_new', finding: expect.stringContaining(w.id) },
  ]);
  expect(formatFindings(inspection)[0]?.finding).toContain(c.id);
  expect(ran).toEqual([]);
  expect(leader.health().unserved).toEqual([]);
});

test('beside newer members that still write it, older ones are served within seconds, and the format rises once they are gone', async () => {
  const { clock, ran, lines, worker, coordinator, scheduler } = world();
  coordinator(newer);
  worker('new', newer);
  const client = scheduler(newer);
  await client.addJob({ id: 'job', task: 'note', trigger: { type: 'interval', seconds: 10 } });
  await clock.advance('30s');
  expect((await client.inspect()).format).toBe(2);
  const w = worker('old', older);
  await clock.advance('30s');
  const inspection = await client.inspect();
  expect(inspection.format).toBe(1);
  expect(formatFindings(inspection)).toMatchObject([
    { level: 'warning', code: 'format_held_down', finding: expect.stringContaining(w.id) },
  ]);
  expect(w.health().unserved).toEqual([]);
  await w.shutdown();
  await clock.advance('30s');
  expect((await client.inspect()).format).toBe(2);
  expect(formatFindings(await client.inspect())).toEqual([]);
  await clock.advance('30s');
  expect(ran.length).toBeGreaterThanOrEqual(10);
  expect(lines).toEqual([]);
});

test('after a roll-back of all members at once, older members lower the format by themselves', async () => {
  const { clock, ran, worker, coordinator, scheduler } = world();
  const [c, w] = [coordinator(newer), worker('new', newer)];
  await scheduler(newer).addJob({ id: 'job', task: 'note', trigger: { type: 'interval', seconds: 10 } });
  await clock.advance('30s');
  await Promise.all([c.shutdown(), w.shutdown()]);
  worker('old', older);
  coordinator(older);
  await clock.advance('1m');
  expect(ran.filter((name) => name === 'old').length).toBeGreaterThanOrEqual(5);
});
