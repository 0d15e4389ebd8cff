import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take long, mostly by waiting. They begin first, one after the other, beside the shorter ones: a run that
 * ends with them has nothing else to do meanwhile. A file that is missing here only costs time.
 */
const LONGEST = [
  'test/integration/benchmarks.long.test.ts',
  'test/integration/blips.sweep.test.ts',
  'test/integration/cluster/load/bad-jobs-beside.long.test.ts',
  'test/integration/cluster/load/each-fire-once.long.test.ts',
  'test/chaos/chaos.long.test.ts',
  'test/integration/console/page-job.long.test.ts',
  'test/integration/redis-outage.long.test.ts',
  'test/skew/skew.long.test.ts',
  'test/integration/executors/stopping-process.test.ts',
  'test/integration/executors/stopping-thread.test.ts',
  'test/integration/demo/demo.test.ts',
  'test/integration/cluster/executors.test.ts',
  'test/integration/examples.test.ts',
  'test/integration/cluster/lost-workers.test.ts',
  'test/integration/executors/contract.test.ts',
  'test/integration/cluster/fair-share.test.ts',
  'test/integration/cluster/restarts.test.ts',
  'test/integration/cluster/redis-unreachable.test.ts',
  'test/integration/executors/loading.test.ts',
  'test/integration/lost-connections.test.ts',
  'test/integration/on-time.test.ts',
  'test/integration/cli/servers.test.ts',
  'test/chaos/nothing-left.test.ts',
  'test/integration/cluster/cancelling.test.ts',
  'test/integration/cluster/results.test.ts',
  'test/integration/cluster/replaying.test.ts',
  'test/integration/job-stores.test.ts',
  'test/integration/listing.test.ts',
  'test/compile/docs-code.test.ts',
  'test/compile/type-tests.test.ts',
  'test/contract/same-answers.sweep.test.ts',
  'test/simulation/redis.sweep.test.ts',
  'test/simulation/simulation.sweep.test.ts',
  'test/contract/queue.test.ts',
];

/** Runs the longest files of each project first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.indexOf(relative(this.ctx.config.root, moduleId));
      return found < 0 ? LONGEST.length : found;
    };
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    return projects.flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((one, other) => place(one) - place(other)),
    );
  }
}
