// Copies docs into packages/carillon before it is packed. Links to files outside the package, including pictures, lead to the repository.
// With --remove, it removes the docs again.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = 'https://github.com/carillon-scheduler/carillon/blob/main/';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = join(root, 'packages', 'carillon', 'docs');
rmSync(copy, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  cpSync(join(root, 'docs'), copy, { recursive: true, filter: (path) => !path.endsWith('.png') });
  for (const file of readdirSync(copy, { recursive: true }).filter((name) => name.endsWith('.md'))) {
    const path = join(copy, file);
    const folder = posix.dirname(posix.join('docs', file.replaceAll('\\', '/')));
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text
        .replaceAll(/\]\((images\/[^)\s]+)\)/g, `](${REPOSITORY}docs/$1?raw=true)`)
        .replaceAll(/\]\((\.\.\/[^)\s]+)\)/g, (link, target) => {
          const from = posix.join(folder, target);
          return from.startsWith('docs/') ? link : `](${REPOSITORY}${from})`;
        }),
    );
  }
}
