import { InvalidOptionsError } from '@carillon/core';
import { type LoadedTasks, loadTasks } from '@carillon/worker';
import { UsageError } from '../exit-codes.js';

/** The tasks of the module that `--tasks` names. @throws UsageError */
export async function tasksOption(path: string): Promise<LoadedTasks> {
  try {
    return await loadTasks(path);
  } catch (error) {
    if (error instanceof InvalidOptionsError) throw new UsageError(`--tasks: ${error.message}`, { cause: error });
    throw error;
  }
}
