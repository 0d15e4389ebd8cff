import { test } from 'vitest';
import { oldRelease } from './old-release.js';
import { rollThereAndBack } from './rolling.js';

test('rolling upgrades of a live cluster and back, in any order, again and again, lose nothing', async () => {
  const orders = [
    ['worker', 'coordinator'],
    ['coordinator', 'worker'],
    ['worker', 'coordinator'],
  ] as const;
  await rollThereAndBack(await oldRelease('format-1'), orders);
});
