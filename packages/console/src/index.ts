export type { Identity, Redaction } from './auth/identity.js';
export type { Right, Role } from './auth/rights.js';
export { makeToken, readTokens, type TokenRecord } from './auth/tokens.js';
export { type Console, createConsole } from './console.js';
export type { Authenticate, ConsoleLogger, ConsoleOptions, RequestOrigin } from './options.js';
