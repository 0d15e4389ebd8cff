import { threadId } from 'node:worker_threads';
import { currentRun } from '@carillon/worker';

export const tasks = {
  place: () => {
    const { runId, logger } = currentRun();
    logger.info('found its run');
    return { runId, isThread: threadId > 0, pid: process.pid };
  },
};
