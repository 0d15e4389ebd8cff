import { idOf } from './line.js';

/** How many lines are joined to one text: searching few long texts is faster than searching many short ones. */
const LINES_PER_BLOCK = 1_000;
/** After how long a search lets other work of this process run. */
const TURN_MS = 20;

/**
 * The lines of jobs. Lines are added and never removed: a job that has changed has several lines, and a job that is gone still has its own. The
 * caller reads each found job again, so such lines only cost space.
 */
export class JobLines {
  readonly #blocks: string[] = [];
  #open: string[] = [];
  #count = 0;
  #length = 0;

  /** How many lines there are. */
  get count(): number {
    return this.#count;
  }

  /** How long all lines are together, in characters. A character takes a byte, or two in blocks that are not all Latin-1. */
  get length(): number {
    return this.#length;
  }

  add(line: string): void {
    this.#open.push(line);
    this.#count += 1;
    this.#length += line.length + 1;
    if (this.#open.length < LINES_PER_BLOCK) return;
    this.#blocks.push(this.#open.join('\n'));
    this.#open = [];
  }

  /**
   * Returns the ids of the jobs that have a line with all of these texts; null if there are more than `most`. It searches for the first text, and
   * checks the others.
   */
  async idsWith([sought = '', ...others]: readonly string[], most: number): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    let begun = performance.now();
    for (const block of [...this.#blocks, this.#open.join('\n')]) {
      for (const line of linesWith(block, sought)) {
        if (others.every((one) => line.includes(one))) ids.add(idOf(line));
        if (ids.size > most) return null;
      }
      if (performance.now() - begun < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      begun = performance.now();
    }
    return ids;
  }
}

function* linesWith(block: string, sought: string): Generator<string> {
  for (let at = block.indexOf(sought); at >= 0; ) {
    const end = block.indexOf('\n', at);
    yield block.slice(block.lastIndexOf('\n', at) + 1, end < 0 ? block.length : end);
    at = end < 0 ? -1 : block.indexOf(sought, end);
  }
}
