const LABEL_WIDTH = 7;
const CELL_WIDTH = 10;
const COLOURS = { ran: 'green', failed: 'red', skipped: 'yellow', missed: 'magenta' };

/** What happens as it happens: a column for each job, a row for each second. */
export class Grid {
  #narrator;
  #nameOf;
  #columns = [];
  /** @type {import('./observer.js').Outcome[]} */
  #outcomes = [];

  /**
   * @param {import('./narrator.js').Narrator} narrator
   * @param {(workerId: string) => string} nameOf
   */
  constructor(narrator, nameOf) {
    this.#narrator = narrator;
    this.#nameOf = nameOf;
  }

  /** @param {import('./observer.js').Outcome} outcome */
  add(outcome) {
    this.#outcomes.push(outcome);
  }

  /** The columns' heads, from here on. */
  head(columns) {
    this.#columns = columns;
    const names = columns.map((jobId) => jobId.padEnd(CELL_WIDTH)).join('');
    this.#narrator.line(this.#narrator.paint('bold', `${' '.repeat(LABEL_WIDTH)}${names}`.trimEnd()));
  }

  /** What was heard since the row before. A job to which two things happened takes two lines. */
  row(label) {
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    const cells = this.#columns.map((jobId) => this.#parts(outcomes.filter((one) => one.jobId === jobId)));
    const height = Math.max(1, ...cells.map((parts) => parts.length));
    for (let index = 0; index < height; index++) {
      const begin = this.#narrator.paint(
        'dim',
        (index === 0 ? label : '').padStart(LABEL_WIDTH - 2).padEnd(LABEL_WIDTH),
      );
      this.#narrator.line(begin + cells.map((parts) => this.#cell(parts[index], index)).join(''));
    }
  }

  #parts(outcomes) {
    return Object.keys(COLOURS).flatMap((kind) => {
      const same = outcomes.filter((one) => one.kind === kind);
      return same.length > 0 ? { kind, text: this.#words(kind, same) } : [];
    });
  }

  #words(kind, same) {
    const times = same.reduce((sum, { count }) => sum + count, 0);
    const older = same.reduce((sum, { coalesced }) => sum + coalesced, 0);
    const workers = [...new Set(same.flatMap(({ worker }) => (worker ? this.#nameOf(worker) : [])))].sort().join('');
    const parts = [kind, times > 1 ? `×${times}` : '', workers, older > 0 ? `+${older}` : ''];
    return parts.filter((part) => part !== '').join(' ');
  }

  #cell(part, index) {
    if (!part) return this.#narrator.paint('dim', (index === 0 ? '·' : '').padEnd(CELL_WIDTH));
    return this.#narrator.paint(COLOURS[part.kind], part.text.padEnd(CELL_WIDTH));
  }
}
