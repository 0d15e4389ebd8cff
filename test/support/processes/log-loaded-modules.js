// For `node --import`: prints the address of each module that the process loads on standard error.
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

const hooks = `import { writeSync } from 'node:fs';
export function load(url, context, next) {
  writeSync(2, url + '\\n');
  return next(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

// The hook does not see modules that another module requires.
const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  for (const file of Object.keys(cache)) process.stderr.write(`${pathToFileURL(file)}\n`);
});
