import type { CarillonEvent, EventType } from '@carillon/core';
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../packages/core/src/happening.js';
import { VirtualClock } from '../../../../packages/core/src/memory/virtual-clock.js';
import type { EventPosition } from '../../../../packages/core/src/ports/job-records.js';
import { LogFollower } from '../../../../packages/core/src/scheduler/log-follower.js';

/** A log of job_paused events, numbered from 1, one each ms, and a follower that listens from a position on. */
async function follow(since: EventPosition, given: { types?: readonly EventType[]; count?: number; tell?: Tell } = {}) {
  const clock = new VirtualClock();
  const log: { id: string; message: string }[] = [];
  const rings = new Set<() => void>();
  const reported: Happening[] = [];
  const fault: { reading?: Error | undefined; trimmed: number } = { trimmed: 0 };
  let reads = 0;
  const msOf = (id: string) => Number(id.split('-')[0]);
  const records = {
    async events({ after, limit }: { after: EventPosition; limit: number }) {
      reads += 1;
      if (fault.reading) throw fault.reading;
      const rest = log.filter(({ id }) => ('id' in after ? msOf(id) > msOf(after.id) : msOf(id) >= after.before));
      const from = 'id' in after ? msOf(after.id) : after.before;
      return { events: rest.filter(({ id }) => msOf(id) > fault.trimmed).slice(0, limit), gap: from < fault.trimmed };
    },
  };
  const bus = {
    async subscribe(_: string, callback: () => void) {
      rings.add(callback);
      return async () => void rings.delete(callback);
    },
  };
  const publish = (type = 'job_paused', message?: string) => {
    const seq = log.length + 1;
    const event = { v: 1, seq, type, at: seq, jobStore: 'default', jobId: 'j' };
    log.push({ id: `${seq}-0`, message: message ?? JSON.stringify(event) });
  };
  const ring = () => {
    for (const one of rings) one();
  };
  for (let index = 0; index < (given.count ?? 0); index++) publish();
  const heard: CarillonEvent[] = [];
  const follower = new LogFollower({
    jobStore: 'default',
    source: { bus, records, clock } as never,
    types: given.types ?? ['job_paused'],
    since,
    deliver: async (event) => {
      heard.push(event);
      await given.tell?.(event, clock);
    },
    report: (happening) => void reported.push(happening),
  });
  await follower.start();
  await clock.advance(0);
  const seqs = () => heard.map(({ seq }) => seq);
  return { clock, publish, ring, heard, seqs, reported, fault, follower, rings, reads: () => reads };
}

type Tell = (event: CarillonEvent, clock: VirtualClock) => Promise<void>;
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('a listener that needs every event', () => {
  it('gets what was published since then, in order, page by page, and what comes after', async () => {
    const { clock, publish, ring, seqs, heard } = await follow({ before: 2 }, { count: 1_000 });
    expect(seqs()).toEqual(upTo(1_000, 2));
    expect(heard[0]).toMatchObject({ eventId: '2-0', at: new Date(2) });
    publish();
    publish();
    ring();
    await clock.advance(0);
    expect(seqs()).toEqual(upTo(1_002, 2));
  });

  it('begins after the event of an id', async () => {
    const { seqs } = await follow({ id: '7-0' }, { count: 9 });
    expect(seqs()).toEqual([8, 9]);
  });

  it('does not need to hear of them', async () => {
    const { clock, publish, seqs } = await follow({ before: 0 });
    publish();
    await clock.advance('999ms');
    expect(seqs()).toEqual([]);
    await clock.advance('1ms');
    expect(seqs()).toEqual([1]);
  });

  it('gets them one after the other, and those of its types only', async () => {
    let [running, most] = [0, 0];
    const tell: Tell = async (_, clock) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => void clock.after(10, resolve));
      running -= 1;
    };
    const { clock, publish, ring, heard } = await follow({ before: 0 }, { types: ['job_resumed', 'job_paused'], tell });
    for (const type of ['job_paused', 'leader_lost', 'job_paused', 'scheduler_paused', 'job_paused']) publish(type);
    ring();
    await clock.advance('25ms');
    expect(heard).toHaveLength(3);
    ring();
    await clock.advance('1s');
    expect([heard.length, most]).toEqual([3, 1]);
  });

  it('goes on from where it was, once the log can be read again', async () => {
    const { clock, publish, ring, seqs, fault, reported } = await follow({ before: 0 }, { count: 2 });
    fault.reading = new Error('no Redis');
    publish();
    ring();
    await clock.advance('5s');
    expect(seqs()).toEqual([1, 2]);
    expect(reported[0]).toMatchObject({ kind: 'log_failed', jobStore: 'default' });
    fault.reading = undefined;
    await clock.advance('1s');
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it('a gap is reported once, and what there is goes on', async () => {
    const { clock, publish, seqs, fault, reported } = await follow({ before: 0 }, { count: 2 });
    for (let index = 0; index < 10; index++) publish();
    fault.trimmed = 7;
    await clock.advance('5s');
    expect(seqs()).toEqual([1, 2, 8, 9, 10, 11, 12]);
    expect(reported).toEqual([{ kind: 'log_gap', jobStore: 'default', after: '2-0' }]);
    publish();
    fault.trimmed = 13;
    await clock.advance('5s');
    expect(reported).toHaveLength(2);
  });

  it('what it does not know is left out', async () => {
    const { clock, publish, seqs, reported } = await follow({ before: 0 });
    publish('job_paused', 'no JSON');
    publish();
    await clock.advance('1s');
    expect(seqs()).toEqual([2]);
    expect(reported).toMatchObject([{ kind: 'message_unreadable' }]);
  });

  it('once stopped it gets no more, not even the rest of a page', async () => {
    const stop: { now?: () => Promise<void> } = {};
    const tell: Tell = async ({ seq }) => {
      if (seq === 3) await stop.now?.();
    };
    const { clock, publish, ring, seqs, follower, rings, reads } = await follow({ before: 0 }, { tell });
    stop.now = () => follower.stop();
    for (let index = 0; index < 5; index++) publish();
    ring();
    await clock.advance('5s');
    expect(seqs()).toEqual([1, 2, 3]);
    expect(rings.size).toBe(0);
    const before = reads();
    await clock.advance('1m');
    expect(reads()).toBe(before);
  });

  it('finishing gives it what is in the log at that time', async () => {
    const { clock, publish, seqs, follower } = await follow({ before: 0 });
    for (let index = 0; index < 450; index++) publish();
    let finished = false;
    void follower.finish().then(() => {
      finished = true;
    });
    await clock.advance(0);
    expect([seqs().length, finished]).toEqual([450, true]);
    publish();
    await clock.advance('1m');
    expect(seqs()).toHaveLength(450);
  });
});
