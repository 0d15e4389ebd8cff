import cronstrue from 'cronstrue';
import { NO_JOB } from './cron.js';
import { plainCrontab } from './cron-expression.js';

/** A crontab string in English. `H` is told as what it stands for with a job's id. @throws InvalidTriggerError */
export function crontabInWords(expression: string, jobId = ''): string {
  const plain = plainCrontab(expression, jobId || NO_JOB);
  try {
    return cronstrue.toString(plain, { use24HourTimeFormat: true, verbose: false });
  } catch {
    return `When the clock matches "${plain}"`;
  }
}
