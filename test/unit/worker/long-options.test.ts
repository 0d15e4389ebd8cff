import { InvalidOptionsError } from '@carillon/core';
import { expect, test } from 'vitest';
import { checkCoordinatorOptions } from '../../../packages/coordinator/src/options.js';
import { checkWorkerOptions } from '../../../packages/worker/src/options.js';
import { loadTasks } from '../../../packages/worker/src/task-file.js';

const redis = 'redis://127.0.0.1:1';
const tasks = { look: () => 1 };
const TOO_LONG = ['25d', '99999999999999999999d', 2 ** 31, 1e300] as const;

const WORKER = ['lease', 'setupTimeout', 'teardownTimeout', 'unknownTaskTimeout', 'shutdownTimeout', 'loadTimeout'];

test('what a timer cannot wait for is refused in each option, and nothing starts', async () => {
  for (const long of TOO_LONG) {
    const refused = (name: string) => new RegExp(`^${name}: .* is too long: give at most 24d$`);
    expect(() => checkCoordinatorOptions({ redis, lease: long })).toThrow(refused('lease'));
    for (const name of WORKER) {
      const check = () => checkWorkerOptions({ redis, tasks, [name]: long });
      expect(check, name).toThrow(InvalidOptionsError);
      expect(check, name).toThrow(refused(name));
    }
    await expect(loadTasks('./none.js', { timeout: long })).rejects.toThrow(refused('timeout'));
  }
});
