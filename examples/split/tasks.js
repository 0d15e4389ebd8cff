// Plain functions. Only workers import this file.
import { currentRun } from '@carillon/worker';

export const tasks = {
  'mail.send': async (to, { subject }) => {
    const { executionId, logger } = currentRun();
    // A provider that knows idempotency keys sends it once, even if a worker dies right here.
    logger.debug({ executionId }, 'sending');
    return { to, subject };
  },
};
