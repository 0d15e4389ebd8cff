import type { Command } from 'commander';
import type { Io } from '../io.js';
import { addCrontab } from './crontab.js';

export function addImport(program: Command, io: Io): void {
  const group = program.command('import').description('add the jobs of another scheduler');
  addCrontab(group, io);
}
