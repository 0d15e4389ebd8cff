import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addBullmq } from './bullmq.js';
import { addCrontab } from './crontab.js';

export function addImport(group: Command, io: Io): void {
  addBullmq(group, io);
  addCrontab(group, io);
}
