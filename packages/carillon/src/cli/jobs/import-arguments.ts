import { InvalidArgumentsError, type JobSpec, type Scheduler, type UntypedTasks } from '@carillon/core';

/** Why no living worker accepts the arguments of one of these jobs; undefined if none is refused. Writes nothing. */
export async function refusalOf(
  scheduler: Scheduler,
  specs: readonly JobSpec<UntypedTasks>[],
): Promise<string | undefined> {
  try {
    // Whether a job of its id exists is another question.
    await scheduler.addJobs(
      specs.map((spec) => ({ ...spec, replaceExisting: true })),
      { dryRun: true },
    );
    return undefined;
  } catch (error) {
    // What else is wrong, adding reports.
    return error instanceof InvalidArgumentsError ? error.message : undefined;
  }
}
