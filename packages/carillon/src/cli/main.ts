#!/usr/bin/env node
import type { Logger } from 'pino';
import { run } from './run.js';

const { stdin, stdout, stderr, env } = process;
const ended = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signals: process, logger });
process.exitCode = ended.code;
if (ended.atOnce) process.exit();

/** Loads the core's logger for a server only: the help needs none. */
async function logger(level: string): Promise<Logger> {
  const { defaultLogger } = await import('@carillon/core/internal');
  return defaultLogger(level);
}
