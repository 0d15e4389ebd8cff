import { Command } from 'ioredis';

export type ScriptArgument = string | number;

/**
 * A call of a script, as bytes. A page has thousands of arguments. ioredis would copy their list three times, make texts for each argument to
 * put together what is sent, and keep them all until the reply. Bytes are outside the heap, so the garbage collector has no texts to move.
 */
export class ScriptCall {
  readonly #base: string;
  readonly #digest: string;
  readonly #count: number;
  readonly #sent: Buffer;
  /** Where the part of `#sent` begins that a call by source has, too. */
  readonly #from: number;

  /** @param base the only key: the beginning of all keys of the job store */
  constructor(digest: string, base: string, args: readonly ScriptArgument[]) {
    this.#base = base;
    this.#digest = digest;
    this.#count = args.length + 4;
    const begin = `${beginOf('evalsha', this.#count)}${headOf(digest.length)}${digest}`;
    const pieces = [begin, headOf(1), '1', headOf(Buffer.byteLength(base)), base];
    for (const arg of args) {
      const text = typeof arg === 'string' ? arg : String(arg);
      pieces.push(headOf(Buffer.byteLength(text)), text);
    }
    pieces.push('\r\n');
    this.#sent = Buffer.from(pieces.join(''));
    this.#from = begin.length;
  }

  byDigest(): Command {
    return new ScriptCommand('evalsha', this.#digest, this.#base, this.#sent);
  }

  bySource(source: string): Command {
    const begin = `${beginOf('eval', this.#count)}${headOf(Buffer.byteLength(source))}${source}`;
    return new ScriptCommand(
      'eval',
      source,
      this.#base,
      Buffer.concat([Buffer.from(begin), this.#sent.subarray(this.#from)]),
    );
  }
}

class ScriptCommand extends Command {
  readonly #sent: Buffer;

  constructor(name: 'evalsha' | 'eval', script: string, base: string, sent: Buffer) {
    super(name, [script, '1', base], { replyEncoding: 'utf8' });
    this.#sent = sent;
  }

  override toWritable(_socket: object): Buffer {
    return this.#sent;
  }
}

/** Returns the beginning of a command with this many arguments, its name among them. */
function beginOf(name: string, count: number): string {
  return `*${count}${headOf(name.length)}${name}`;
}

/** Returns the header of an argument of this many bytes, with the end of the argument before it. Most are short, and made beforehand. */
function headOf(bytes: number): string {
  return HEADS[bytes] ?? `\r\n$${bytes}\r\n`;
}

const HEADS: readonly string[] = Array.from({ length: 1_024 }, (_, bytes) => `\r\n$${bytes}\r\n`);
