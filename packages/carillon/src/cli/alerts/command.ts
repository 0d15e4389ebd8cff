import type { Command } from 'commander';
import type { Io } from '../io.js';
import { EXAMPLES } from './examples.js';
import { addList } from './list.js';
import { addRun } from './run.js';
import { addSilence, addSilences, addUnsilence } from './silence.js';

export function addAlerts(alerts: Command, io: Io): void {
  alerts.addHelpText('after', EXAMPLES);
  for (const add of [addRun, addList, addSilence, addSilences, addUnsilence]) add(alerts, io);
}
