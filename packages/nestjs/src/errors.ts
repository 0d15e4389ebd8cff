import { InvalidOptionsError } from '@carillon/core';

/** The error of a decorator that is not on a method. */
export function misplaced(decorator: string, key: unknown): InvalidOptionsError {
  const place = typeof key === 'string' ? ` (${key})` : '';
  return new InvalidOptionsError(
    `@${decorator}${place}: decorate a method of a class, with "experimentalDecorators": true in tsconfig.json, as Nest needs it`,
  );
}

/** The error of two methods that would be one job, or one task. */
export function doubled(what: 'job' | 'task', id: string, methods: readonly string[]): InvalidOptionsError {
  const named = methods.join(' and ');
  return new InvalidOptionsError(
    what === 'job'
      ? `${named} have the job id ${JSON.stringify(id)}: give each a name of its own, such as @Cron('0 9 * * *', { name: '${id}.2' })`
      : `${named} are the task ${JSON.stringify(id)}: give each a name of its own, such as @Task('${id}.2')`,
  );
}
