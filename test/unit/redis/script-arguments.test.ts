import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The `-- ARGV` header of a script is the one place that lists its arguments: first those in order, and behind `then` those
// that come once for each item of the call. This test compares numbers: how many arguments the header names before `then`, how many the
// adapter passes there, which of them the script reads, and whether more follow. It does not compare what they mean.

const folder = (path: string) => {
  const url = new URL(`../../../packages/redis/${path}/`, import.meta.url);
  const files = readdirSync(url).filter((file) => /\.(?:lua|ts)$/.test(file));
  return files.map((file) => ({ file, text: readFileSync(new URL(file, url), 'utf8') }));
};
const sources = folder('src/store');

/** Returns the parts of a list, each complete, up to the bracket that closes the list. */
function partsOf(text: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const [character] of text.matchAll(/'[^'\n]*'|`[^`]*`|[\s\S]/g)) {
    if (/^[([{]$/.test(character)) depth += 1;
    if (/^[)\]}]$/.test(character)) depth -= 1;
    if (depth < 0 || (depth === 0 && character === ';')) break;
    if (depth === 0 && character === ',') parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

interface Arguments {
  /** How many arguments each call has, `now` included. */
  readonly fixed: number;
  /** Whether others follow. */
  readonly more: boolean;
}

/** Returns the arguments that the header names, or null if there is no header. */
function headerOf(lua: string): Arguments | null {
  const [, header] = /^-- ARGV {2}([\s\S]*?)\n(?!-- {4,})/m.exec(lua) ?? [];
  if (header === undefined) return null;
  const [fixed = '', more] = header
    .replaceAll(/\n-- +/g, ' ')
    .replaceAll(/\([^)]*\)/g, '')
    .split(/[,;] then /);
  return { fixed: fixed.split(',').length, more: more !== undefined };
}

/** Returns the arguments that the adapter passes to a script. `now` comes before them. */
function passedTo(name: string): Arguments[] {
  return sources.flatMap(({ text }) =>
    [...text.matchAll(new RegExp(`\\.run\\('${name}',`, 'g'))].map(({ 0: call, index }) => {
      const [, given = ''] = partsOf(text.slice(index + call.length));
      return argumentsIn(given, text.slice(0, index));
    }),
  );
}

function argumentsIn(expression: string, before: string): Arguments {
  const [, list] = /^\[([\s\S]*)\]$/.exec(expression) ?? [];
  if (list !== undefined) {
    const parts = partsOf(list);
    const fixed = parts.findIndex((part) => part.startsWith('...'));
    return { fixed: 1 + (fixed < 0 ? parts.length : fixed), more: fixed >= 0 };
  }
  const [, called] = /^(\w+Arguments)\(/.exec(expression) ?? [];
  if (called) {
    const text = sources.map((source) => source.text).find((one) => one.includes(`function ${called}(`)) ?? '';
    const [, from = ''] = /(?:return|const args[^=\n]* =) (\[[\s\S]*)$/.exec(text) ?? [];
    return { ...argumentsIn(`[${partsOf(from.slice(1)).join(', ')}]`, ''), more: true };
  }
  const made = [...before.matchAll(new RegExp(`const ${expression}(?:: [^=]*)? = `, 'g'))].at(-1);
  // A list from a caller, or one made from a list, has as many arguments as items.
  if (!made) return { fixed: 1, more: true };
  const rest = before.slice(made.index + made[0].length);
  if (!/^(?:\[|\w+Arguments\()/.test(rest)) return { fixed: 1, more: true };
  const [text = ''] = partsOf(rest);
  const args = argumentsIn(text, '');
  return { ...args, more: args.more || rest.includes(`${expression}.push(`) };
}

describe.each(folder('lua'))('$file', ({ file, text }) => {
  const header = headerOf(text);
  const { fixed, more } = header ?? { fixed: 0, more: false };
  const code = text.split('\n').filter((line) => !line.startsWith('--'));

  it('is called with as many arguments as its header names', () => {
    expect(passedTo(file.replace('.lua', ''))).toEqual([header]);
  });

  it('reads each argument that its header names, and gives those beyond the first four a name', () => {
    const read = code.flatMap((line) => [...line.matchAll(/ARGV\[(\d+)\]/g)].map(([, at]) => Number(at)));
    const named = Array.from({ length: fixed - 1 }, (_, index) => index + 2);
    expect(named.filter((at) => !read.includes(at))).toEqual([]);
    if (!more) expect(Math.max(1, ...read)).toBe(fixed);
    const bare = code.filter((line) => /ARGV\[(?:[5-9]|\d\d|\w+ \+ [4-9]|\w+ \+ \d\d)\]/.test(line));
    expect(bare.filter((line) => !/^\s*local /.test(line))).toEqual([]);
  });
});
