// A task module for `carillon worker --tasks`: plain functions by name.
import { currentRun } from '@carillon/worker';

export const tasks = {
  'hello.world': async (name = 'world') => {
    const { scheduledRunTime, logger } = currentRun();
    logger.info({ scheduledRunTime }, `Hello, ${name}!`);
    return `Hello, ${name}!`;
  },
  'sleep.for': async (ms) => {
    const { signal } = currentRun();
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
    return ms;
  },
};
