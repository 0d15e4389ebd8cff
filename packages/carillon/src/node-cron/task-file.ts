import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InvalidOptionsError } from '@carillon/core';
import { shown } from '@carillon/core/internal';

const HERE = dirname(fileURLToPath(import.meta.url));

/** Returns the URL of the file of a background task. A relative path is relative to the calling file. @throws InvalidOptionsError */
export function solvePath(file: string): string {
  if (typeof file !== 'string') {
    throw new InvalidOptionsError(`node-cron: ${shown(file)} is not a task: give a function, or the path of a file`);
  }
  if (file.startsWith('file://')) return file;
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const caller = callers().find((path) => dirname(path) !== HERE);
  if (caller) return pathToFileURL(resolve(dirname(caller), file)).href;
  throw new InvalidOptionsError(
    `node-cron: ${shown(file)} is relative, and the calling file is not known: give an absolute path`,
  );
}

/** The files of the stack, innermost first. */
function callers(): readonly string[] {
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, place] = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*?):\d+:\d+\)?$/.exec(line) ?? [];
    if (place === undefined) return [];
    return [place.startsWith('file://') ? fileURLToPath(place) : place];
  });
}
