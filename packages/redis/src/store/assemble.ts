/**
 * A script with the parts of `lua/lib/` that it uses in the place where it names them. Redis makes each function of a script at each
 * call of the script, so of a part only those functions and constants are there that the script needs, by itself or through others.
 */
export function assemble(source: string, readPart: (name: string) => string): string {
  return source.replace(/^-- USES {2}(.+)\n/m, (_, names: string) => {
    const words = new Set(wordsOf(withoutComments(source)));
    const pieces = names.split(', ').flatMap((name) => piecesOf(readPart(name)));
    // What is local stands before all that uses it.
    const needed = pieces.reverse().filter((piece) => {
      const name = NAMED.exec(piece)?.[1];
      if (name !== undefined && !words.has(name)) return false;
      for (const word of wordsOf(piece)) words.add(word);
      return true;
    });
    return needed.reverse().join('');
  });
}

/** A function, or a constant: nothing happens where it is made. */
const NAMED = /^local (?:function )?(\w+(?=\()|[A-Z_]+(?= =))/;

/** The statements of a part. */
function piecesOf(part: string): string[] {
  return withoutComments(part).split(/^(?=(?!end\b)[a-z])/m);
}

function withoutComments(lua: string): string {
  return lua.replaceAll(/^ *--.*\n|^\n/gm, '');
}

/** The names in a text: neither what its strings say, nor members. */
function wordsOf(lua: string): readonly string[] {
  return lua.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''").match(/(?<![\w:]|(?<!\.)\.)[A-Za-z_]\w*/g) ?? [];
}
