// Tasks that report which trace they are part of, in executors of every kind.
import { currentRun } from '@carillon/worker';

export const tasks = {
  /** Enqueues a `leaf`. */
  chain: async () => {
    const { logger, scheduler, trace } = currentRun();
    logger.info('chaining');
    await scheduler.enqueue('leaf', [], { executor: 'x' });
    return trace;
  },
  leaf: () => {
    currentRun().logger.info('leaf');
    return currentRun().trace;
  },
};
