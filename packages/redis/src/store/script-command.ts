import { Command } from 'ioredis';

export type ScriptArgument = string | number;

/**
 * A call of a script. A page has thousands of arguments. ioredis would copy their list three times, and make texts for each argument to put
 * together what is sent. That was a sixth of all that a leader left to the garbage collector.
 */
export class ScriptCommand extends Command {
  /**
   * @param script its digest for `evalsha`, its source for `eval`
   * @param base the only key: the beginning of all keys of the job store
   */
  constructor(name: 'evalsha' | 'eval', script: string, base: string, args: readonly ScriptArgument[]) {
    super(name, [], { replyEncoding: 'utf8' });
    const texts = [script, '1', base];
    for (const arg of args) texts.push(typeof arg === 'string' ? arg : String(arg));
    this.args = texts;
  }

  override toWritable(_socket: object): string {
    const { name, args } = this;
    const pieces = [`*${args.length + 1}`, headOf(name.length), name];
    for (const arg of args as string[]) pieces.push(headOf(Buffer.byteLength(arg)), arg);
    pieces.push('\r\n');
    return pieces.join('');
  }
}

/** Returns the header of an argument of this many bytes, with the end of the argument before it. Most are short, and made beforehand. */
function headOf(bytes: number): string {
  return HEADS[bytes] ?? `\r\n$${bytes}\r\n`;
}

const HEADS: readonly string[] = Array.from({ length: 1_024 }, (_, bytes) => `\r\n$${bytes}\r\n`);
