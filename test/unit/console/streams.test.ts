import { type CarillonEvent, cron } from '@carillon/core';
import { describe, expect, it, vi } from 'vitest';
import { Streams } from '../../../packages/console/src/api/streams.js';
import { consoleInMemory } from '../../support/console.js';

const URL_OF_EVENTS = 'http://console.test/v1/stores/default/events/stream';

/** Reads until a stream has sent `count` events, or has ended. */
async function read(
  response: Response,
  count: number,
): Promise<readonly { readonly id: string; readonly data: string }[]> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const reported = () =>
    [...text.matchAll(/^id: (.*)\ndata: (.*)\n\n/gm)].map(([, id = '', data = '']) => ({ id, data }));
  while (reader && reported().length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader?.cancel();
  return reported();
}

describe('server-sent events', () => {
  it('go on after Last-Event-ID, none left out and none twice', async () => {
    const { console, scheduler } = consoleInMemory({ realTime: true });
    for (const id of ['a', 'b', 'c']) await scheduler.addJob({ id, task: 'report', trigger: cron('0 9 * * *') });
    const { events } = await scheduler.getEvents();
    const [, , first] = events.map(({ eventId = '' }) => eventId);
    const headers = { 'last-event-id': first ?? '' };
    const reported = await read(await console.fetch(new Request(URL_OF_EVENTS, { headers })), 2);
    expect(reported.map(({ data }) => JSON.parse(data).jobId)).toEqual(['b', 'c']);
    expect(reported.map(({ id }) => id)).toEqual([events[1]?.eventId, events[0]?.eventId]);
    const wrong = await console.fetch(new Request(URL_OF_EVENTS, { headers: { 'last-event-id': 'x' } }));
    expect(wrong.status).toBe(400);
  });

  it('begin with what is published from now on, and end where the console is closed', async () => {
    const { console, scheduler } = consoleInMemory({ realTime: true });
    await scheduler.addJob({ id: 'a', task: 'report', trigger: cron('0 9 * * *') });
    const response = await console.fetch(new Request(URL_OF_EVENTS));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await scheduler.pauseJob('a');
    const all = read(response, 2);
    await scheduler.resumeJob('a');
    expect((await all).map(({ data }) => JSON.parse(data).type)).toEqual(['job_paused', 'job_resumed']);
    const other = await console.fetch(new Request(URL_OF_EVENTS));
    console.close();
    expect(await read(other, 1)).toEqual([]);
    expect((await console.fetch(new Request(URL_OF_EVENTS))).status).toBe(503);
  });

  it('end where a client takes nothing for 30 s, and hold no more than 100 events for it meanwhile', async () => {
    vi.useFakeTimers();
    try {
      const streams = new Streams();
      let reported = 0;
      let isUnfollowed = false;
      const { body } = streams.open(
        async (tell) => {
          void (async () => {
            for (; reported < 1_000; reported++) await tell({ eventId: `${reported}-0` } as CarillonEvent, {});
          })();
          return async () => {
            isUnfollowed = true;
          };
        },
        Number.POSITIVE_INFINITY,
        'ann',
      );
      await vi.advanceTimersByTimeAsync(29_000);
      expect([reported <= 100, isUnfollowed]).toEqual([true, false]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(isUnfollowed).toBe(true);
      await body?.cancel();
    } finally {
      vi.useRealTimers();
    }
  });

  it('are 100 streams at most; one that is cancelled makes room', async () => {
    let asked = 0;
    const auth = () => ({ actor: `viewer ${asked++ % 4}`, role: 'viewer' }) as const;
    const { console } = consoleInMemory({ realTime: true, auth });
    const open = await Promise.all(Array.from({ length: 100 }, () => console.fetch(new Request(URL_OF_EVENTS))));
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await console.fetch(new Request(URL_OF_EVENTS));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'TOO_MANY_STREAMS']);
    await open[0]?.body?.cancel();
    expect((await console.fetch(new Request(URL_OF_EVENTS))).status).toBe(200);
    console.close();
  });

  it('are 30 of one actor: others still have theirs', async () => {
    let actor = 'greedy';
    const { console } = consoleInMemory({ realTime: true, auth: () => ({ actor, role: 'viewer' }) });
    const open = () => console.fetch(new Request(URL_OF_EVENTS));
    await Promise.all(Array.from({ length: 30 }, open));
    const refused = await open();
    expect([refused.status, await refused.json()]).toMatchObject([503, { detail: expect.stringContaining('greedy') }]);
    actor = 'modest';
    expect((await open()).status).toBe(200);
    console.close();
  });

  it('do not stay open where they were asked for with HEAD', async () => {
    const { console } = consoleInMemory({ realTime: true });
    const head = () => console.fetch(new Request(URL_OF_EVENTS, { method: 'HEAD' }));
    for (let asked = 0; asked < 110; asked++) expect((await head()).status).toBe(200);
    expect((await console.fetch(new Request(URL_OF_EVENTS))).status).toBe(200);
    console.close();
  });
});
