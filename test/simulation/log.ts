import type { World } from './cluster/world.js';

const PAGE = 1_000;

/** All that the log of a job store keeps, oldest first. */
export async function readLog(world: World): Promise<readonly string[]> {
  const { records } = world.operator().backend.jobStore('default');
  const messages: string[] = [];
  let after: Parameters<typeof records.events>[0]['after'] = { before: 0 };
  for (;;) {
    const { events } = await records.events({ after, limit: PAGE });
    messages.push(...events.map(({ message }) => message));
    const last = events.at(-1);
    if (!last) return messages;
    after = { id: last.id };
  }
}
