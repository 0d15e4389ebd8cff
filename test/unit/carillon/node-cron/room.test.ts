import { expect, it, vi } from 'vitest';
import { type Members, Room } from '../../../../packages/carillon/src/node-cron/room.js';
import type { Schedule } from '../../../../packages/carillon/src/node-cron/schedule.js';

it('closed while it adds a job, it leaves the job where it is', async () => {
  let answer: (job: unknown) => void = () => {};
  const members = {
    start: vi.fn(async () => {}),
    addListener: vi.fn(async () => {}),
    addJob: vi.fn(() => new Promise((resolve) => (answer = resolve))),
    inspect: vi.fn(async () => ({ workers: [] })),
    removeTask: vi.fn(async () => {}),
    removeJob: vi.fn(async () => {}),
    shutdown: vi.fn(async () => {}),
  };
  const open = () => members as unknown as Members;
  const room = new Room({ open, jobStore: 'default', isShared: true, onOutage: () => {} });
  const schedule = { key: 'a', task: 'a', spec: {}, isAnnounced: false, hasEnded: false } as unknown as Schedule;

  void room.enter(schedule);
  await vi.waitFor(() => expect(members.addJob).toHaveBeenCalledOnce());
  const closed = room.close(70);
  answer({ nextRunTime: new Date() });
  await closed;
  expect(members.removeJob).not.toHaveBeenCalled();
  expect(members.shutdown).toHaveBeenCalledExactlyOnceWith({ timeout: 70 });
});
