// Loaded before a program, with --import: the program fails if it imports or requires a Redis package.
import Module, { register } from 'node:module';

const PACKAGES = /^(ioredis|bullmq|redlock|@carillon\/redis)(\/|$)/;
const hook = `export function resolve(name, context, next) {
  if (${PACKAGES}.test(name)) throw new Error(name + ' is loaded');
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (name, ...others) => {
  if (PACKAGES.test(name)) throw new Error(`${name} is loaded`);
  return resolveFilename.call(Module, name, ...others);
};
