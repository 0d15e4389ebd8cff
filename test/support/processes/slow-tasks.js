// A module of tasks that takes longer to load than its task may take.
import { setTimeout as sleep } from 'node:timers/promises';

await sleep(1_000);

export const tasks = { quick: () => 'quick' };
