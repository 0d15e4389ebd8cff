import { expect } from 'vitest';
import { type CapturedEvents, captureEvents } from '../../../support/captured-events.js';
import { kill9, leaderOf, startCoordinator, startWorker, terminate, test } from '../../../support/cluster.js';
import type { ServerProcess } from '../../../support/server-process.js';

/** The promise for an idle machine, ms. Here it may take five times that. */
const AFTER_KILL_MS = 3_000 + 500;
const AFTER_SIGTERM_MS = 100;

/** How long after the leader's end another leader is elected, as events show it, ms. */
async function takeoverMs(events: CapturedEvents, leader: ServerProcess, end: () => unknown): Promise<number> {
  const endedAt = performance.now();
  end();
  const { epoch: last } = await events.first('leader_elected', ({ coordinatorId }) => coordinatorId === leader.id);
  await events.first('leader_elected', ({ epoch }) => epoch > last);
  return performance.now() - endedAt;
}

test('another coordinator leads soon after the leader was killed, and at once after it was asked to end', async ({
  place,
}) => {
  const events = await captureEvents(place.scheduler);
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => startCoordinator(place)));
  await startWorker(place);
  const coordinators = [...others, ...(first ? [first] : [])];

  const killed = await leaderOf(coordinators);
  expect(await takeoverMs(events, killed.server, () => kill9(killed.server))).toBeLessThan(5 * AFTER_KILL_MS);

  const living = coordinators.filter((server) => server !== killed.server);
  const reported = await leaderOf(living);
  expect(reported.epoch).toBeGreaterThan(killed.epoch);
  let ended: Promise<void> | undefined;
  const handedOverMs = await takeoverMs(events, reported.server, () => {
    ended = terminate(reported.server);
  });
  expect(handedOverMs).toBeLessThan(5 * AFTER_SIGTERM_MS);
  await ended;

  const last = await leaderOf(living.filter((server) => server !== reported.server));
  expect(last.epoch).toBeGreaterThan(reported.epoch);
  await events.upToDate();
  expect(events.of('leader_lost')).toMatchObject([{ coordinatorId: reported.server.id, epoch: reported.epoch }]);

  const { runId } = await place.scheduler.enqueue('record.now');
  await events.first('job_executed', (event) => event.runId === runId);
});
