import { Coordinator } from '@carillon/coordinator';
import { defaultLogger } from '@carillon/core/internal';
import { MemoryCluster, VirtualClock } from '@carillon/core/memory';
import { Worker } from '@carillon/worker';
import { expect, onTestFinished, test } from 'vitest';

const logger = defaultLogger();
logger.level = 'silent';

/** Runs two coordinators and two workers for some minutes. Returns how often they made each call to the store. */
async function idle(minutes: number) {
  const clock = new VirtualClock(new Date('2026-03-02T00:00:00Z'));
  const cluster = new MemoryCluster({ clock });
  const counted: Record<string, number> = {};
  const backend = () =>
    cluster.connect({
      onStep: ({ call, at }) => {
        if (at === 'request') counted[call] = (counted[call] ?? 0) + 1;
      },
    });
  const members = [
    new Coordinator({ backend: backend(), logger }),
    new Coordinator({ backend: backend(), logger }),
    new Worker({ backend: backend(), logger, tasks: { noop: () => {} } }),
    new Worker({ backend: backend(), logger, tasks: { noop: () => {} } }),
  ];
  onTestFinished(async () => {
    await Promise.all(members.map((member) => member.shutdown()));
  });
  for (const member of members) await member.start();
  await clock.advance('1m');
  for (const call of Object.keys(counted)) delete counted[call];
  await clock.advance(minutes * 60_000);
  return counted;
}

test('a cluster that has nothing to do asks for nothing that is not needed', async () => {
  const counted = await idle(10);
  const aMinute = Object.fromEntries(Object.entries(counted).map(([call, count]) => [call, Math.round(count / 10)]));
  expect(aMinute).toEqual({
    // Leases of 3 s: each coordinator shows itself three times a lease, and the leader extends its lock.
    contend: 120,
    extend: 60,
    // Each second, also without a notification.
    due: 60,
    // The other coordinator looks when the lock would expire.
    remainingMs: 20,
    loseWorkers: 12,
    // Leases of 5 s.
    heartbeat: 72,
    // Only in memory: jobs that are due soon, and deliveries whose worker is lost.
    upcoming: 60,
    renew: 48,
  });
});
