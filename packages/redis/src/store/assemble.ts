/**
 * Returns a script with the parts of `lua/lib/` that it uses, in place of the line that names them. Redis makes each function of a script at
 * each call of the script. So a part gives only the functions and constants that the script needs, by itself or through others.
 */
export function assemble(source: string, readPart: (name: string) => string): string {
  return source.replace(/^-- USES {2}(.+)\n/m, (_, names: string) => {
    const words = new Set(wordsOf(withoutComments(source)));
    const pieces = names.split(', ').flatMap((name) => piecesOf(readPart(name)));
    // A local is defined before all code that uses it, so the last pieces are looked at first.
    const needed = pieces.reverse().filter((piece) => {
      const name = NAMED.exec(piece)?.[1];
      if (name !== undefined && !words.has(name)) return false;
      for (const word of wordsOf(piece)) words.add(word);
      return true;
    });
    return needed.reverse().join('');
  });
}

/** Matches a function or a constant: nothing happens where it is defined. */
const NAMED = /^local (?:function )?(\w+(?=\()|[A-Z_]+(?= =))/;

/** Splits a part into its statements. */
function piecesOf(part: string): string[] {
  return withoutComments(part).split(/^(?=(?!end\b)[a-z])/m);
}

function withoutComments(lua: string): string {
  return lua.replaceAll(/^ *--.*\n|^\n/gm, '');
}

/** Returns the names in a text, without what is in strings, and without members. */
function wordsOf(lua: string): readonly string[] {
  return lua.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''").match(/(?<![\w:]|(?<!\.)\.)[A-Za-z_]\w*/g) ?? [];
}
