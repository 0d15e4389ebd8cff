#!/usr/bin/env node
import { defaultLogger } from '@carillon/core/internal';
import { run } from './run.js';

const { stdin, stdout, stderr, env } = process;
const ended = await run(process.argv.slice(2), { stdin, stdout, stderr, env, signals: process, logger: defaultLogger });
process.exitCode = ended.code;
if (ended.atOnce) process.exit();
