import { VirtualClock } from '@carillon/core/memory';
import type { AlertNotification } from 'carillon/alerts';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backoffMs, Deliverer } from '../../../../packages/carillon/src/alerts/delivery/deliverer.js';
import { DeliveryQueue, type Lane, queuedSchema } from '../../../../packages/carillon/src/alerts/delivery/queue.js';
import { sendWebhook } from '../../../../packages/carillon/src/alerts/delivery/webhook.js';
import { Kept } from '../../../../packages/carillon/src/alerts/kept.js';
import { Receiver } from '../../../support/receiver.js';

const logger = pino({ level: 'silent' });
const OPS: Lane = { target: 'ops', rule: 'a' };

const notification = (number: number) =>
  ({ type: 'alerts.gap', timestamp: '', data: { jobStore: 's', from: '', to: '', why: String(number) } }) as const;
const queued = (number: number, at = 0) => ({ id: `n${number}`, at, what: notification(number) });

/** A queue, and the same queue as a new process would read it. */
function newQueue(most = 5, fields: ReadonlyMap<string, string> = new Map()) {
  const kept = new Kept(fields);
  const stored = new Map(fields);
  const queue = new DeliveryQueue(kept.section('queue', queuedSchema), most);
  const reread = () => {
    for (const [field, value] of kept.takeUnwritten()) {
      if (value === '') stored.delete(field);
      else stored.set(field, value);
    }
    return newQueue(most, stored);
  };
  return { queue, reread };
}

/** Returns the number of each entry that waits in a lane, or how many entries are counted as dropped. */
function waiting(queue: DeliveryQueue, lane = OPS): string[] {
  return queue.entriesOf(lane).map(([, { what }]) => textOf(what));
}

function textOf(what: AlertNotification | { readonly ping: string }): string {
  if ('ping' in what) return what.ping;
  if (what.type === 'alerts.dropped') return `dropped ${what.data.count}`;
  return what.type === 'alerts.gap' ? what.data.why : what.type;
}

describe('what waits to be delivered', () => {
  it('is bounded; what there is no room for is counted in its place, also by the next process', () => {
    const { queue, reread } = newQueue();
    for (let number = 1; number <= 9; number++) queue.add(OPS, queued(number), 's');
    queue.add({ target: 'other', rule: 'a' }, queued(1), 's');
    expect(waiting(queue)).toEqual(['1', '2', '3', '4', 'dropped 5']);
    const next = reread();
    expect(waiting(next.queue)).toEqual(waiting(queue));
    for (const [key] of next.queue.entriesOf(OPS).slice(0, 2)) next.queue.remove(OPS, key);
    next.queue.add(OPS, queued(10), 's');
    next.queue.add(OPS, queued(11), 's');
    expect(waiting(next.queue)).toEqual(['3', '4', 'dropped 5', '10', 'dropped 1']);
    expect(waiting(next.reread().queue)).toEqual(waiting(next.queue));
    expect(waiting(next.queue, { target: 'other', rule: 'a' })).toEqual(['1']);
  });

  it('counts nothing into a notice that is under way', () => {
    const { queue } = newQueue(2);
    queue.add(OPS, queued(1), 's');
    queue.add(OPS, queued(2), 's');
    queue.remove(OPS, queue.first(OPS)?.key ?? '');
    queue.add(OPS, queued(3), 's');
    expect(waiting(queue)).toEqual(['dropped 1', 'dropped 1']);
  });

  it('keeps the newest pings, and the one that is under way', () => {
    const { queue } = newQueue();
    const pings = [1, 2, 3, 4].map((id) => ({ id: String(id), at: 0, what: { ping: 'start' as const, text: '' } }));
    expect(pings.map((ping) => queue.addPing(OPS, ping, 3))).toEqual([false, false, false, true]);
    expect(queue.entriesOf(OPS).map(([, { id }]) => id)).toEqual(['1', '3', '4']);
  });

  it('that cannot be read is dropped, and removed', () => {
    const kept = new Kept(
      new Map([
        ['queue ops a 000000000001', '{"id":'],
        ['queue ops a 000000000002', '{"id":1}'],
      ]),
    );
    expect(kept.section('queue', queuedSchema).size).toBe(0);
    expect([...kept.takeUnwritten()]).toEqual([
      ['queue ops a 000000000001', ''],
      ['queue ops a 000000000002', ''],
    ]);
  });
});

/** A deliverer in virtual time, and what it sent at which second. */
function deliverer(answer: (lane: Lane, text: string, number: number) => unknown, giveUpMs = 1e9) {
  const clock = new VirtualClock(new Date(0));
  const { queue } = newQueue(10);
  const sent: string[] = [];
  const one = new Deliverer({
    ...{ jobStore: 's', queue, clock, logger, now: () => clock.now(), giveUpMs: () => giveUpMs },
    send: async (lane, { what }) => {
      sent.push(`${lane.target} ${textOf(what)} at ${clock.now() / 1_000}`);
      await answer(lane, textOf(what), sent.length);
    },
    delivered: () => {},
    changed: () => {},
  });
  onTestFinished(() => one.stop());
  return { clock, queue, sent, deliverer: one };
}

describe('delivering', () => {
  it('tries again after 1 s, 2 s, 4 s … 5 min, in order, and loses nothing', async () => {
    let isDown = true;
    const refuse = () => {
      if (isDown) throw new Error('500');
    };
    const { clock, queue, sent, deliverer: one } = deliverer(refuse);
    for (const number of [1, 2, 3]) queue.add(OPS, queued(number), 's');
    one.pump();
    await clock.advance('20s');
    expect(sent).toEqual([0, 1, 3, 7, 15].map((at) => `ops 1 at ${at}`));
    isDown = false;
    // A call of `pump` in the meantime changes nothing.
    one.pump();
    await clock.advance('20s');
    expect(sent.slice(5)).toEqual(['ops 1 at 31', 'ops 2 at 31', 'ops 3 at 31']);
    expect(queue.lanes).toEqual([]);
    expect([1, 9, 10, 99, 1e6].map(backoffMs)).toEqual([1_000, 256_000, 300_000, 300_000, 300_000]);
  });

  it('a target that hangs, or fails, holds up no other target and no other rule', async () => {
    const {
      clock,
      queue,
      sent,
      deliverer: one,
    } = deliverer(({ target, rule }) =>
      target === 'hanging' ? new Promise(() => {}) : Promise[rule === 'bad' ? 'reject' : 'resolve'](new Error('no')),
    );
    const lanes = [
      { target: 'hanging', rule: 'a' },
      { target: 'ops', rule: 'bad' },
      { target: 'ops', rule: 'a' },
      { target: 'other', rule: 'a' },
    ];
    for (const lane of lanes) for (const number of [1, 2]) queue.add(lane, queued(number), 's');
    one.pump();
    await clock.advance('500ms');
    expect(sent.sort()).toEqual([
      'hanging 1 at 0',
      'ops 1 at 0',
      'ops 1 at 0',
      'ops 2 at 0',
      'other 1 at 0',
      'other 2 at 0',
    ]);
  });

  it('gives up in the end, says so in its place, and goes on', async () => {
    const {
      clock,
      queue,
      sent,
      deliverer: one,
    } = deliverer((_, text) => {
      if (text === '1') throw new Error('400');
    }, 10_000);
    for (const number of [1, 2]) queue.add(OPS, queued(number), 's');
    one.pump();
    await clock.advance('1m');
    expect(sent).toEqual([...[0, 1, 3, 7, 15].map((at) => `ops 1 at ${at}`), 'ops dropped 1 at 31', 'ops 2 at 31']);
  });

  it('stops at once, whatever is under way, and leaves it in the queue', async () => {
    const {
      clock,
      queue,
      deliverer: one,
    } = deliverer((_lane, _text) => {
      throw new Error('no');
    });
    queue.add(OPS, queued(1), 's');
    one.pump();
    await clock.advance('1s');
    await one.stop();
    expect(waiting(queue)).toEqual(['1']);
  });
});

it('a webhook is signed as standardwebhooks has it; what is changed on its way is found out', async () => {
  const receiver = await Receiver.open();
  const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
  const target = { url: new URL(`${receiver.url}/hook`), secret, timeout: 60_000 };
  const allowHosts = new Set(['127.0.0.1']);
  await sendWebhook(target, {
    id: 'x.opened',
    notification: notification(1),
    allowHosts,
    signal: new AbortController().signal,
  });
  const [{ body = '', headers = {} } = {}] = receiver.received;
  const verify = (text: string, more = {}) => new Webhook(secret).verify(text, { ...headers, ...more });
  expect(verify(body)).toEqual(notification(1));
  expect(headers['webhook-id']).toBe('x.opened');
  expect(() => verify(body.replace('"1"', '"2"'))).toThrow();
  expect(() => verify(body, { 'webhook-id': 'y' })).toThrow();
});
