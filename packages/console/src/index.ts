export type { Identity, Redaction } from './auth/identity.js';
export type { Right, Role } from './auth/rights.js';
export { type Console, createConsole } from './console.js';
export type { Authenticate, ConsoleLogger, ConsoleOptions } from './options.js';
