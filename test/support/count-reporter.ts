import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node';

/**
 * Ends a run with the name of each skipped test and the line `N passed, N failed`. What could not be counted as a
 * test (a file that does not load, a hook that throws, an unhandled error) counts as failed.
 */
export default class CountReporter implements Reporter {
  #lines: string[] = [];
  #failed = 0;
  #filtered = false;

  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    this.#filtered = vitest.config.testNamePattern !== undefined;
    // At the very end: the summary, and the teardown that may fail, come before.
    process.once('exit', (code) => {
      if (code !== 0 && this.#failed === 0) this.#end([], 0, 1);
      process.stdout.write(this.#lines.map((line) => `${line}\n`).join(''));
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const skipped: string[] = [];
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      failed += failures(module);
      for (const suite of module.children.allSuites()) failed += failures(suite);
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state === 'skipped') skipped.push(`${test.fullName}${result.note ? ` (${result.note})` : ''}`);
        else failed++;
      }
    }
    this.#end(skipped, passed, failed);
  }

  #end(skipped: readonly string[], passed: number, failed: number): void {
    this.#failed = failed;
    const counts = `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
    // With `-t`, nearly all are.
    const named = this.#filtered ? [] : skipped;
    this.#lines = [...named.map((name) => `skipped: ${name}`), counts];
  }
}

/** A suite's own errors, which belong to none of its tests. */
const failures = (suite: TestModule | TestSuite): number => (suite.errors().length > 0 ? 1 : 0);
