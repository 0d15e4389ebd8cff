import { FORMATS } from '@carillon/core/internal';
import { expect, test } from 'vitest';
import { jobStoreContract, type TestedStore } from '../support/contract.js';
import { adding, elect, listen, newRun, op, put, raiseFormat } from '../support/contract-records.js';
import { running, settle, settlement } from '../support/contract-runs.js';

const say = ({ store }: TestedStore, about: object, type = 'job_paused') =>
  store.records.announce({ op: op(), event: { type, about: { jobStore: 'default', ...about } } });

/** Reads the events that are kept after a position. */
const read = ({ store }: TestedStore, after: { id: string } | { before: number }, limit = 1_000) =>
  store.records.events({ after, limit });

async function numbers(contract: TestedStore, after: { id: string } | { before: number }, limit?: number) {
  return (await read(contract, after, limit)).events.map(({ message }) => JSON.parse(message).n);
}

jobStoreContract('the log of what was published', (open) => {
  test('of an empty store is empty, from wherever it is read', async () => {
    const contract = await open();
    for (const after of [{ before: 0 }, { id: '1-1' }, { before: contract.now * 2 }]) {
      expect(await read(contract, after)).toEqual({ events: [], gap: false });
    }
  });

  test('holds every event as it went out, in order', async () => {
    const contract = await open();
    const heard: string[] = [];
    const bus = contract.backend.eventBus('default');
    const types = [
      'leader_elected',
      'job_added',
      'job_submitted',
      'job_started',
      'job_executed',
      'worker_joined',
    ] as const;
    for (const type of types) await bus.subscribe(`events:${type}`, (message) => heard.push(message));
    const epoch = await elect(contract);
    await put(contract, adding('a', null));
    await running(contract, epoch, newRun('r', 'a'));
    await settle(contract, settlement('r', 'executed'));
    const worker = { workerId: 'w', json: '{}' };
    await contract.store.ledger.join({
      worker,
      ...{ executors: [], tasks: [] },
      event: { type: 'worker_joined', about: { jobStore: 'default', ü: '½' } },
    });
    const { events } = await read(contract, { before: 0 });
    expect(events.map(({ message }) => JSON.parse(message).type)).toEqual(types);
    await expect.poll(() => heard, { timeout: 120_000 }).toEqual(events.map(({ message }) => message));
  });

  test('holds an announcement once, however often it is repeated', async () => {
    const contract = await open();
    const { records } = contract.store;
    const heard = await listen(contract);
    const note = (n: number) => ({ op: op(), event: { type: 'job_paused', about: { jobStore: 'default', n } } });
    const [one, other] = [note(1), note(2)];
    for (const call of [one, other, one, one, other]) await records.announce(call);
    expect(await heard()).toMatchObject([
      { seq: 1, n: 1 },
      { seq: 2, n: 2 },
    ]);
    expect(await numbers(contract, { before: 0 }, 2)).toEqual([1, 2]);
  });

  test('is read on from an event, and page by page', async () => {
    const contract = await open();
    for (let n = 0; n < 7; n++) await say(contract, { n });
    const { events } = await read(contract, { before: 0 });
    for (const [index, { id }] of events.entries()) {
      expect(await numbers(contract, { id })).toEqual([0, 1, 2, 3, 4, 5, 6].slice(index + 1));
      expect((await read(contract, { id })).gap).toBe(false);
    }
    expect(await numbers(contract, { before: 0 }, 3)).toEqual([0, 1, 2]);
    expect(await numbers(contract, { id: events[2]?.id ?? '' }, 3)).toEqual([3, 4, 5]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(7);
  });

  test.each([
    ['one by one', 1],
    ['together', FORMATS.newest],
  ])('is read on from each event of a call that publishes many, which are logged %s', async (_, format) => {
    const contract = await open();
    if (format > 1) await raiseFormat(contract);
    const heard = await listen(contract);
    const names = Array.from({ length: 450 }, (_, index) => `job-${index}`);
    await say(contract, { n: 0 });
    await put(contract, ...names.map((id) => adding(id, null)));
    await put(contract, adding('a', null), {
      ...adding('b', null),
      events: [{ type: 'job_paused', about: { jobId: 'b' } }],
    });
    await say(contract, { n: 1 });
    const reported = await heard();
    const all = (await read(contract, { before: 0 })).events;
    const events = all.slice(all.findIndex(({ message }) => message.includes('"n":0')));
    const messages = events.map(({ message }) => JSON.parse(message)).slice(0, reported.length);
    expect(messages).toEqual(reported);
    expect(messages.map(({ type, seq }) => `${type} ${seq}`)).toEqual([
      'job_paused 1',
      ...Array.from({ length: 451 }, (_, index) => `job_added ${index + 1}`),
      ...['job_paused 2', 'job_paused 3'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const [index, { id }] of events.entries()) {
      if (index > 10 && index % 97 > 3 && index < 440) continue;
      const rest = await read(contract, { id });
      expect(rest).toEqual({ events: events.slice(index + 1), gap: false });
      expect((await read(contract, { id }, 3)).events).toEqual(events.slice(index + 1, index + 4));
    }
    for (const limit of [50, 100, 250, 454]) {
      const pages: (typeof events)[number][] = [];
      for (let id: string | undefined; pages.length < events.length; id = pages.at(-1)?.id) {
        const page = await read(contract, { id: id ?? all.at(-events.length - 1)?.id ?? '0-0' }, limit);
        expect(page.events.length).toBe(Math.min(limit, events.length - pages.length));
        pages.push(...page.events);
      }
      expect(pages).toEqual(events);
    }
  });

  test('a listener for one type hears all of it, though the others have no listener', async () => {
    const contract = await open();
    const heard: number[] = [];
    const bus = contract.backend.eventBus('default');
    await bus.subscribe('events:job_paused', (message) => heard.push(JSON.parse(message).n));
    const changes = [1, 2, 3].map((n) => {
      const added = adding(`job-${n}`, null);
      return { ...added, events: [...added.events, { type: 'job_paused', about: { n } } as const] };
    });
    await put(contract, ...changes);
    await expect.poll(() => heard, { timeout: 120_000 }).toEqual([1, 2, 3]);
  });

  test('is read from an instant on, that of an event included', async () => {
    const contract = await open();
    const msOf = (id = '') => Number(id.split('-')[0]);
    await say(contract, { n: 0 });
    const [first] = (await read(contract, { before: 0 })).events;
    const begin = msOf(first?.id);
    let last = begin;
    for (let n = 1; last === begin; n++) {
      await contract.pass(1);
      await say(contract, { n });
      last = msOf((await read(contract, { before: 0 })).events.at(-1)?.id);
    }
    expect((await numbers(contract, { before: begin }))[0]).toBe(0);
    expect((await numbers(contract, { before: last })).length).toBe(1);
    expect(await numbers(contract, { before: last + 1 })).toEqual([]);
  });

  test('leaves out a large value, and says so', async () => {
    const contract = await open();
    // 16,384 bytes are allowed; one more is too many.
    const message = (length: number) => ({ n: 1, value: `${'é'.repeat(length >> 1)}${'x'.repeat(length & 1)}` });
    await say(contract, message(0));
    const [empty] = (await read(contract, { before: 0 })).events;
    const room = 16_384 - Buffer.byteLength(empty?.message ?? '');
    await say(contract, message(room));
    await say(contract, message(room + 1));
    await say(contract, { n: 2, error: { message: 'y'.repeat(20_000) } });
    await say(contract, { n: 3, note: '","value":', value: Array(10_001).fill(1), more: true });
    const reported = (await read(contract, { before: 0 })).events.map((event) => JSON.parse(event.message));
    expect(reported[1].value).toHaveLength(Math.ceil(room / 2));
    expect(reported[2]).toMatchObject({ seq: 3, n: 1, value: null, valueOmitted: true });
    expect(reported[3].error.message).toHaveLength(20_000);
    expect(reported[4]).toMatchObject({ n: 3, note: '","value":', value: null, valueOmitted: true });
    expect(reported[4]).not.toHaveProperty('more');
  });

  test('keeps about 20,000 where calls publish many, and reports to a reader that it may have missed some', async () => {
    const contract = await open();
    await raiseFormat(contract);
    for (let n = 0; n < 22_000; n += 500) {
      const names = Array.from({ length: 500 }, (_, index) => `job-${n + index}`);
      await put(contract, ...names.map((id) => adding(id, null)));
    }
    const kept = await read(contract, { before: 0 }, 30_000);
    expect(kept.gap).toBe(true);
    expect(kept.events.length).toBeGreaterThanOrEqual(20_000);
    expect(kept.events.length).toBeLessThan(20_400);
    expect(kept.events.map(({ message }) => JSON.parse(message).seq)).toEqual(
      Array.from(kept.events, (_, index) => 22_000 - kept.events.length + index + 1),
    );
    for (const index of [0, 1, 199, 200, 10_000]) {
      const { id = '' } = kept.events[index] ?? {};
      expect(await read(contract, { id }, 1)).toEqual({ gap: false, events: [kept.events[index + 1]] });
    }
  });

  test('keeps about 20,000, and reports to a reader that it may have missed some', async () => {
    const contract = await open();
    for (let n = 0; n < 20_500; n += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, index) => say(contract, { n: n + index })));
      if (n === 0) expect((await read(contract, { before: 0 })).gap).toBe(false);
    }
    const first = await read(contract, { before: 0 }, 1);
    expect(first.gap).toBe(true);
    const [oldest] = first.events;
    const kept = await read(contract, { before: 0 }, 30_000);
    expect(kept.events.length).toBeGreaterThanOrEqual(20_000);
    expect(kept.events.length).toBeLessThan(20_400);
    expect(JSON.parse(kept.events.at(-1)?.message ?? '{}').n).toBe(20_499);
    expect((await read(contract, { id: '1-0' }, 1)).gap).toBe(true);
    // Other events from the millisecond of the oldest one may be gone.
    const ms = Number(oldest?.id.split('-')[0]);
    expect((await read(contract, { before: ms }, 1)).gap).toBe(true);
    expect((await read(contract, { before: ms + 1 }, 1)).gap).toBe(false);
    expect(await read(contract, { id: oldest?.id ?? '' }, 1)).toMatchObject({ gap: false, events: [kept.events[1]] });
    expect((await read(contract, { id: kept.events.at(-1)?.id ?? '' })).gap).toBe(false);
  });
});
