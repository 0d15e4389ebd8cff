import { Coordinator } from '@carillon/coordinator';
import { Scheduler } from '@carillon/core';
import { Worker } from '@carillon/worker';
import { Carillon } from 'carillon';
import { expect, onTestFinished, test } from 'vitest';
import { Door } from '../support/door.js';
import { eventually } from '../support/eventually.js';
import { newScheduler, Stored, silent } from '../support/in-process.js';
import { redisUrl } from '../support/redis.js';
import { someOf, sweep } from '../support/sweep.js';

/** How long connections are refused. This is longer than the first reconnect of any client, which follows at once. */
const BLIP_MS = 400;
const tasks = { ping: () => 'pong' };

/** What happens to the connections at a request. */
type Blip = (door: Door) => void;

const BLIPS = {
  'where it is lost, and refuses connections for a while': (door) => {
    void door.shut().then(() => setTimeout(() => void door.open(), BLIP_MS));
  },
  'where it is lost, and is there again at once': (door) => door.cut(),
  'where it has as many clients as it takes for a while': (door) => {
    door.refusal = '-ERR max number of clients reached\r\n';
    door.cut();
    setTimeout(() => {
      door.refusal = undefined;
    }, BLIP_MS);
  },
  // A client notices a dead end after 10 s, and often twice.
  ...sweep({}, { 'where it becomes a dead end, silently': (door: Door) => void door.deaden() }),
} satisfies { readonly [what: string]: Blip };

/** A way to Redis on which a blip happens at one request. */
class BlippingDoor extends Door {
  requests = 0;
  /** The number of blips. */
  blips = 0;
  #at = Number.POSITIVE_INFINITY;
  readonly #blip: Blip;

  constructor(blip: Blip) {
    super(Number(new URL(redisUrl()).port));
    this.#blip = blip;
    this.onRequest = () => {
      this.requests += 1;
      if (this.requests !== this.#at) return true;
      this.blips += 1;
      this.#blip(this);
      return false;
    };
  }

  /** Counts requests from 1 again. The blip happens at this one. */
  blipAtRequest(number: number): void {
    this.requests = 0;
    this.#at = number;
  }
}

interface Place {
  readonly door: BlippingDoor;
  readonly prefix: string;
  readonly common: { readonly redis: string; readonly prefix: string; readonly logger: typeof silent };
  /** A client that does not use the door. */
  readonly scheduler: Scheduler;
}

async function newPlace(blip: Blip): Promise<Place> {
  const door = new BlippingDoor(blip);
  onTestFinished(async () => {
    await door.shut().catch(() => {});
  });
  await door.open();
  const { prefix } = new Stored();
  const common = { redis: door.url, prefix, logger: silent };
  return { door, prefix, common, scheduler: newScheduler(prefix) };
}

/** Starts a coordinator that no blip reaches. */
async function lead({ prefix }: Place, jobStores = ['default']): Promise<void> {
  const coordinator = new Coordinator({ redis: redisUrl(), prefix, logger: silent, jobStores });
  onTestFinished(() => coordinator.shutdown());
  await coordinator.start();
}

/** Starts a coordinator and a worker that no blip reaches. */
async function serve(place: Place): Promise<void> {
  const worker = new Worker({ redis: redisUrl(), prefix: place.prefix, logger: silent, tasks });
  onTestFinished(() => worker.shutdown());
  await Promise.all([worker.start(), lead(place)]);
}

function newWorker({ common }: Place): Worker<typeof tasks> {
  const worker = new Worker({ ...common, tasks });
  onTestFinished(() => worker.shutdown({ timeout: 0 }));
  return worker;
}

const runs = async ({ scheduler }: Place, executor = 'default', jobStore = 'default') => {
  const run = await scheduler.enqueue('ping', [], { executor, jobStore });
  expect(await run.result({ timeout: '2m' })).toBe('pong');
};

/** A call that starts something: the preparation, the call, and the proof that it serves its purpose. */
interface Start {
  prepare(place: Place): Promise<{ call(): Promise<unknown>; prove(): Promise<void> }>;
}

const limits = { globalConcurrency: 5, rateLimit: { max: 1_000, duration: '1s' } } as const;

const STARTS: { readonly [call: string]: Start } = {
  'Worker.start': {
    async prepare(place) {
      await lead(place);
      const worker = newWorker(place);
      return { call: () => worker.start(), prove: () => runs(place) };
    },
  },
  'Worker.addExecutor': {
    async prepare(place) {
      await lead(place);
      const worker = newWorker(place);
      await worker.start();
      return { call: () => worker.addExecutor('x', limits), prove: () => runs(place, 'x') };
    },
  },
  'Worker.addJobStore': {
    async prepare(place) {
      await lead(place, ['default', 'other']);
      await place.scheduler.addJobStore('other');
      const worker = newWorker(place);
      await worker.start();
      return {
        call: () => worker.addJobStore('other', { redis: place.door.url }),
        prove: () => runs(place, 'default', 'other'),
      };
    },
  },
  'Coordinator.start': {
    async prepare(place) {
      const worker = new Worker({ redis: redisUrl(), prefix: place.prefix, logger: silent, tasks });
      onTestFinished(() => worker.shutdown());
      await worker.start();
      const coordinator = new Coordinator(place.common);
      onTestFinished(() => coordinator.shutdown());
      // The queue of an executor is opened with its first delivery.
      return { call: () => Promise.all([coordinator.start(), runs(place)]), prove: () => runs(place) };
    },
  },
  'Coordinator.addJobStore': {
    async prepare(place) {
      const worker = new Worker({
        redis: redisUrl(),
        prefix: place.prefix,
        logger: silent,
        jobStores: ['other'],
        tasks,
      });
      onTestFinished(() => worker.shutdown());
      await Promise.all([worker.start(), place.scheduler.addJobStore('other')]);
      const coordinator = new Coordinator(place.common);
      onTestFinished(() => coordinator.shutdown());
      await coordinator.start();
      return {
        call: () => coordinator.addJobStore('other', { redis: place.door.url }),
        prove: () => runs(place, 'default', 'other'),
      };
    },
  },
  'Scheduler.addJobStore, tried again where it fails': {
    async prepare({ common, door }) {
      const scheduler = new Scheduler(common);
      onTestFinished(() => scheduler.shutdown());
      return {
        call: () => eventually(() => scheduler.addJobStore('other', { redis: door.url })),
        prove: async () => {
          const job = { id: 'x', task: 'ping', jobStore: 'other', replaceExisting: true };
          await eventually(() => scheduler.addJob(job));
        },
      };
    },
  },
  'RunHandle.result, tried again where it fails': {
    async prepare(place) {
      const scheduler = new Scheduler(place.common);
      onTestFinished(() => scheduler.shutdown());
      const run = await scheduler.enqueue('ping');
      return {
        // A client waits for the result before any worker can run the task.
        call: () => Promise.all([eventually(() => run.result({ timeout: '30s' })), serve(place)]),
        prove: () => eventually(async () => expect(await run.result()).toBe('pong')),
      };
    },
  },
  'Scheduler.addListener since then, tried again where it fails': {
    async prepare({ common, scheduler }) {
      const listening = new Scheduler(common);
      onTestFinished(() => listening.shutdown());
      await scheduler.pause();
      const heard: string[] = [];
      const listen = () =>
        listening.addListener(({ type }) => heard.push(type), ['scheduler_paused', 'scheduler_resumed'], {
          since: new Date(0),
        });
      return {
        call: () => eventually(listen),
        prove: async () => {
          await scheduler.resume();
          await eventually(() => expect(heard).toEqual(['scheduler_paused', 'scheduler_resumed']));
        },
      };
    },
  },
  'Scheduler.addListener, tried again where it fails': {
    async prepare({ common, scheduler }) {
      const listening = new Scheduler(common);
      onTestFinished(() => listening.shutdown());
      let heard = 0;
      return {
        call: () => eventually(() => listening.addListener(() => heard++, ['scheduler_paused'])),
        prove: () =>
          eventually(async () => {
            await scheduler.resume();
            await scheduler.pause();
            expect(heard).toBeGreaterThan(0);
          }),
      };
    },
  },
  'Carillon.start, tried again where it fails': {
    async prepare(place) {
      const carillon = new Carillon({ ...place.common, tasks });
      onTestFinished(() => carillon.shutdown({ timeout: 0 }));
      return { call: () => eventually(() => carillon.start()), prove: () => runs(place) };
    },
  },
};

/** Counts the requests of a call without a blip. */
async function requestsOf(start: Start): Promise<number> {
  const place = await newPlace(() => {});
  const { call, prove } = await start.prepare(place);
  place.door.blipAtRequest(Number.POSITIVE_INFINITY);
  await call();
  const { requests } = place.door;
  await prove();
  return requests;
}

/** Makes the call with a blip at this request, or at an earlier one if the call makes fewer this time. */
async function startsThrough(start: Start, blip: Blip, number: number): Promise<void> {
  const place = await newPlace(blip);
  const { call, prove } = await start.prepare(place);
  place.door.blipAtRequest(number);
  await call();
  // Later requests are not part of the call.
  place.door.blipAtRequest(Number.POSITIVE_INFINITY);
  await prove();
  if (place.door.blips > 0) return;
  expect(number).toBeGreaterThan(1);
  await startsThrough(start, blip, Math.floor(number / 2));
}

test.each(Object.entries(BLIPS))(
  'whatever starts gets there %s, at any of its requests',
  async (_, blip) => {
    const starts = Object.entries(STARTS).map(async ([call, start]) => {
      const requests = await requestsOf(start);
      expect(requests, call).toBeGreaterThan(2);
      const numbers = someOf(
        Array.from({ length: requests }, (_, index) => index + 1),
        2,
      );
      const through = numbers.map((number) =>
        startsThrough(start, blip, number).catch((error) => {
          throw new Error(`${call}, request ${number}: ${error.message}`, { cause: error });
        }),
      );
      await Promise.all(through);
    });
    await Promise.all(starts);
  },
  600_000,
);
