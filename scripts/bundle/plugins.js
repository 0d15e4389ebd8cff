import { dirname, join, relative } from 'node:path';

export const ZOD = '@carillon/core/zod';

/** Only core contains zod, because schemas of one package are members of another's. English is its only language. */
export function oneZod(isCore) {
  return {
    name: 'one-zod',
    resolveId: (id) => (!isCore && /^zod(\/|$)/.test(id) ? { id: ZOD, external: true } : undefined),
    load: (id) => (/\/zod\/v4\/locales\/index\.js$/.test(id) ? "export { default as en } from './en.js';" : undefined),
  };
}

/** Points `import.meta.url` to a module's place before bundling, so it finds its files. Modules that it starts by address become entries. */
export function places(dist) {
  const PLACE = '__place_in_dist__';
  return {
    name: 'places',
    transform(code, id) {
      if (!id.startsWith(dist) || !code.includes('import.meta.url')) return;
      for (const [, path] of code.matchAll(/new URL\('(\.[^']+\.js)', import\.meta\.url\)/g)) {
        const started = join(dirname(id), path);
        this.emitFile({ type: 'chunk', id: started, fileName: relative(dist, started) });
      }
      const place = `new URL('${PLACE}${relative(dist, id)}', import.meta.url)`;
      return code.replaceAll('import.meta.url', `${place}.href`);
    },
    renderChunk: (code, { fileName }) => code.replaceAll(PLACE, `${relative(dirname(fileName), '.') || '.'}/`),
  };
}
