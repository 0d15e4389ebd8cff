import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/**
 * Prints at the end of a run the name of each skipped and each failed test, and the line `N passed, N failed`. An error
 * outside the tests (a file that does not load, a hook that throws, an unhandled error) counts as a failed test.
 */
export default class CountReporter implements Reporter {
  #lines: string[] = [];
  #failed = 0;
  #filtered = false;

  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    this.#filtered = vitest.config.testNamePattern !== undefined;
    // Prints at the very end, after the summary and after the teardown, which may fail.
    process.once('exit', (code) => {
      if (code !== 0 && this.#failed === 0)
        this.#end([], 0, [failedLine('none', [{ message: `the run ended with exit code ${code}` }])]);
      process.stdout.write(this.#lines.map((line) => `${line}\n`).join(''));
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    const skipped: string[] = [];
    const failed = unhandled.map((error) => failedLine('unhandled error', [error]));
    let passed = 0;
    for (const module of modules) {
      failed.push(...ownFailures(module));
      for (const suite of module.children.allSuites()) failed.push(...ownFailures(suite));
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state === 'skipped') skipped.push(`${test.fullName}${result.note ? ` (${result.note})` : ''}`);
        else failed.push(failedLine(nameOf(test), result.errors ?? []));
      }
    }
    this.#end(skipped, passed, failed);
  }

  #end(skipped: readonly string[], passed: number, failed: readonly string[]): void {
    this.#failed = failed.length;
    const counts = `${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
    // With `-t`, nearly all tests are skipped.
    const named = this.#filtered ? [] : skipped;
    this.#lines = [...named.map((name) => `skipped: ${name}`), ...failed, counts];
  }
}

/** The errors of a suite that belong to none of its tests. */
const ownFailures = (suite: TestModule | TestSuite): readonly string[] =>
  suite.errors().length > 0 ? [failedLine(nameOf(suite), suite.errors())] : [];

const nameOf = (of: TestModule | TestSuite | TestCase): string =>
  of.type === 'module' ? of.relativeModuleId : `${of.module.relativeModuleId} > ${of.fullName}`;

/** One line, which `.ci/run` repeats at its end: the name, and the beginning and end of the first error. */
function failedLine(name: string, errors: readonly { readonly message: string }[]): string {
  const lines = stripVTControlCharacters(errors[0]?.message ?? '').split(/\s*\n\s*/);
  const message = lines.filter((line) => line.trim() !== '').join(' / ');
  const short = message.length > HEAD + TAIL ? `${message.slice(0, HEAD)} … ${message.slice(-TAIL)}` : message;
  return `failed test: ${name}: ${short}`;
}

const HEAD = 500;
const TAIL = 1_000;
