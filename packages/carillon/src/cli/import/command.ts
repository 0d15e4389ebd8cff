import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addBullmq } from './bullmq.js';
import { addCrontab } from './crontab.js';

export function addImport(program: Command, io: Io): void {
  const group = program.command('import').description('add the jobs of another scheduler');
  addBullmq(group, io);
  addCrontab(group, io);
}
