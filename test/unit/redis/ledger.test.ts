import { UnexpectedReplyError } from '@carillon/core';
import { expect, test } from 'vitest';
import { RedisLedger } from '../../../packages/redis/src/store/ledger.js';
import { Reply } from '../../../packages/redis/src/store/scripts.js';

test('a reply with too few statuses is an error: no run that was started is dropped', async () => {
  const run = async () =>
    new Reply(
      'start',
      ['dropped', null, null, null, null].map((item) => item ?? ''),
    );
  const ledger = new RedisLedger({ run } as never, { base: 'x' } as never, 'default');
  const call = ledger.start({ runIds: ['a', 'b'], workerId: 'w' } as never);
  await expect(call).rejects.toThrow(UnexpectedReplyError);
});
