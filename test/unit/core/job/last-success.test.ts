import { expect, it } from 'vitest';
import { lastSuccessOf } from '../../../../packages/core/src/job/last-success.js';

it('the last success is read from what any format keeps of the outcomes', () => {
  const cases: readonly (readonly [string | null, readonly [number, number | null] | null])[] = [
    [null, null],
    ['nonsense', null],
    ['executed 100 250 3 4', [100, 250]],
    ['error 100 250 3 4', null],
    ['x 100 150 3 4', [100, 250]],
    ['X 100 150 3 4', [100, 250]],
    ['e 100 150 3 4', null],
    ['x 100 150,x40+60~150 3 4', [100, 250]],
    ['e 200 1,e200+0~1,x40+60*3~9 3 4', [160, null]],
    ['e 200 1,e200+0~1,x160+0*1~9 3 4', [160, 169]],
    ['c 200 1,c200+0~1,x160+0*1~9,X170+0*1~3 3 4', [170, 173]],
    ['c 200 1,c200+0~1,x100+80*2~9,X170+0*1~3 3 4', [180, null]],
    ['- - -,m100+0*1~5 0 0', null],
    // Stretches that cannot be read leave the last execution as it is.
    ['x 100 150,zzz 3 4', [100, 250]],
    ['e 100 150,zzz 3 4', null],
  ];
  for (const [text, expected] of cases) {
    const success = lastSuccessOf(text);
    const [at, settledAt = null] = expected ?? [];
    const reported =
      at === undefined
        ? null
        : { scheduledRunTime: new Date(at), settledAt: settledAt === null ? null : new Date(settledAt) };
    expect(success, String(text)).toEqual(reported);
  }
});
