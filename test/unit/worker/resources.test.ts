import { expect, test } from 'vitest';
import { Resources } from '../../../packages/worker/src/resources.js';
import { ManualClock } from '../../support/manual-clock.js';

/** The calls so far, and what the calls of `setup` and `teardown` wait for. */
function scene(hooks: { readonly setup?: boolean; readonly teardown?: boolean } = { setup: true, teardown: true }) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const ends: { readonly succeed: () => void; readonly fail: (error: unknown) => void }[] = [];
  const hook = (name: string) => () => {
    calls.push(name);
    return new Promise<void>((succeed, fail) => ends.push({ succeed, fail }));
  };
  const resources = new Resources({
    ...(hooks.setup && { setup: hook('setup') }),
    ...(hooks.teardown && { teardown: hook('teardown') }),
    ...{ setupMs: 30_000, teardownMs: 5_000, owner: '/app/tasks.js', clock },
  });
  /** Ends a call, by its number. */
  const end = (number: number, error?: unknown) => (error ? ends[number]?.fail(error) : ends[number]?.succeed());
  return { clock, calls, resources, end };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const FAILED = { outcome: 'error', error: { name: 'TaskSetupError', code: 'TASK_SETUP' } };

test('one call of setup is for all that wait for it, and one of teardown for all of these', async () => {
  const { clock, calls, resources, end } = scene();
  const opening = [1, 2, 3].map(() => resources.open());
  end(0);
  expect(await Promise.all(opening)).toEqual([undefined, undefined, undefined]);
  expect(resources.open()).toBe(undefined);
  const closing = [resources.close(), resources.close()];
  await settled();
  expect(calls).toEqual(['setup', 'teardown']);
  end(1);
  expect(await Promise.all(closing)).toEqual([undefined, undefined]);
  expect(await resources.close()).toBe(undefined);
  expect([calls, clock.timers]).toEqual([['setup', 'teardown'], 0]);
});

test('a setup that fails is called again for the next one, and is not torn down', async () => {
  const { calls, resources, end } = scene();
  const opening = [resources.open(), resources.open()];
  end(0, new RangeError('the\ndatabase is away'));
  const [one, other] = await Promise.all(opening);
  expect(one).toMatchObject(FAILED);
  expect(one?.error.message).toMatch(
    /^setup of \/app\/tasks\.js failed: RangeError: the database is away \(.*resources\.test\.ts:[\d:]+\); the next run calls it again$/,
  );
  expect(other).toEqual(one);
  expect(await resources.close()).toBe(undefined);
  const again = resources.open();
  end(1);
  expect(await again).toBe(undefined);
  expect(calls).toEqual(['setup', 'setup']);
});

test('a setup that hangs fails once its time is over; ending later, it counts anyway', async () => {
  const { clock, calls, resources, end } = scene();
  const opening = resources.open();
  await clock.advance(29_999);
  expect(calls).toEqual(['setup']);
  await clock.advance(1);
  expect((await opening)?.error.message).toBe(
    'setup of /app/tasks.js has not finished after 30 s: let it do less, or raise setupTimeout; the next run calls it again',
  );
  end(0);
  await settled();
  expect(resources.open()).toBe(undefined);
  expect([calls, clock.timers]).toEqual([['setup'], 0]);
});

test('a teardown that fails or hangs is reported, and not called again', async () => {
  const { clock, calls, resources, end } = scene({ teardown: true });
  const failing = resources.close();
  await settled();
  end(0, 'busy');
  expect((await failing)?.message).toBe('teardown of /app/tasks.js failed: busy');
  expect(await resources.close()).toBe(undefined);
  expect(resources.open()).toBe(undefined);
  const hanging = resources.close();
  await clock.advance(5_000);
  expect((await hanging)?.message).toBe(
    'teardown of /app/tasks.js has not finished after 5 s: let it do less, or raise teardownTimeout',
  );
  expect([calls, clock.timers]).toEqual([['teardown', 'teardown'], 0]);
});

test('closing waits for what is being opened, for its own time', async () => {
  const { calls, resources, end } = scene();
  void resources.open();
  const closing = resources.close();
  await settled();
  expect(calls).toEqual(['setup']);
  end(0);
  await settled();
  end(1);
  expect(await closing).toBe(undefined);
  expect(calls).toEqual(['setup', 'teardown']);

  const stuck = scene();
  void stuck.resources.open();
  const given = stuck.resources.close();
  await stuck.clock.advance(5_000);
  expect((await given)?.message).toMatch(/^setup of \/app\/tasks\.js has not finished after 5 s/);
});

test('what is opened again while it is being closed waits for that first', async () => {
  const { calls, resources, end } = scene();
  const opening = resources.open();
  end(0);
  await opening;
  const closing = resources.close();
  const again = resources.open();
  await settled();
  expect(calls).toEqual(['setup', 'teardown']);
  end(1);
  await closing;
  await settled();
  end(2);
  expect(await again).toBe(undefined);
  expect(calls).toEqual(['setup', 'teardown', 'setup']);
});

test('what has neither waits for nothing; what has a teardown alone is torn down also where nothing ran', async () => {
  const none = scene({});
  expect([none.resources.open(), none.resources.hasTeardown]).toEqual([undefined, false]);
  expect(await none.resources.close()).toBe(undefined);
  const { calls, resources, end } = scene({ teardown: true });
  expect(resources.hasTeardown).toBe(true);
  const closing = resources.close();
  await settled();
  end(0);
  expect(await closing).toBe(undefined);
  expect(calls).toEqual(['teardown']);
  const unused = scene();
  expect(await unused.resources.close()).toBe(undefined);
  expect(unused.calls).toEqual([]);
});
