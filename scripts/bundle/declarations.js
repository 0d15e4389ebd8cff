import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'));

/**
 * Returns the declarations that the entries of a package lead to, by their paths in `dist`. Those of core lead to zod's: core's copies
 * of these are in `zod`, with English as the only language.
 */
export function declarationsOf({ name, exports }, dist) {
  const texts = new Map();
  const left = Object.values(exports).map(({ types }) => types.replace('./dist/', ''));
  for (const path of left) {
    if (texts.has(path)) continue;
    const at = dirname(path);
    const text = textOf(path).replaceAll(/((?:from|import) *\(?)(["'])([^"']+)\2/g, (whole, before, quote, to) => {
      if (to === 'zod' && name !== '@carillon/core')
        throw new Error(`${name}: ${path} imports zod, which users do not have`);
      if (to !== 'zod' && !to.startsWith('.')) return whole;
      const target = to === 'zod' ? 'zod/index.js' : join(at, to);
      left.push(target.replace(/\.js$/, '.d.ts'));
      const written = relative(at, target);
      return `${before}${quote}${written.startsWith('.') ? written : `./${written}`}${quote}`;
    });
    texts.set(path, text);
  }
  return texts;

  function textOf(path) {
    if (path === 'zod/v4/locales/index.d.ts') return "export { default as en } from './en.js';\n";
    return readFileSync(path.startsWith('zod/') ? join(zod, '..', path) : join(dist, path), 'utf8');
  }
}
