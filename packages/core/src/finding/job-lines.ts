import { idOf } from './line.js';

/** Few long texts are searched sooner than many short ones. */
const LINES_PER_BLOCK = 1_000;
/** After how long other work has its turn in this process. */
const TURN_MS = 20;

/**
 * The lines of jobs. Lines are added and never removed: a job that has changed has several, and one that is gone still has its own. What is
 * found is read again, so this only costs room.
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

  /** How long they are in all. A character takes a byte, or two in blocks that are not all Latin-1. */
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

  /** Ids of the jobs that have a line with all of these texts, the first of which is looked for; null if they are more than `most`. */
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
