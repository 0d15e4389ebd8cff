import { readFile } from 'node:fs/promises';
import type { AlertsSettings } from '../../alerts/options.js';
import { UsageError } from '../exit-codes.js';

const TO_INSTALL =
  'alerts need the packages yaml and standardwebhooks: install them where carillon is: `npm install yaml standardwebhooks`';

/** The settings in a file of YAML or JSON. `{ env: NAME }` in place of a text is that variable. @throws UsageError */
export async function readConfig(path: string, env: NodeJS.ProcessEnv): Promise<AlertsSettings> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new UsageError(`--config: ${error.message}`, { cause: error });
  });
  const { parseDocument } = await installed(() => import('yaml'));
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) throw new UsageError(`${path}: ${fault.message.split('\n')[0]}`, { cause: fault });
  return filled(document.toJS({ maxAliasCount: 100 }), env, path, []) as AlertsSettings;
}

/** @throws UsageError if it is not installed */
export async function installed<T>(load: () => Promise<T>): Promise<T> {
  return load().catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw isMissing ? new UsageError(TO_INSTALL, { cause: error }) : error;
  });
}

function filled(value: unknown, env: NodeJS.ProcessEnv, file: string, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one, index) => filled(one, env, file, [...path, `[${index}]`]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, variable] = []] = entries;
  if (entries.length === 1 && name === 'env' && typeof variable === 'string') {
    const found = env[variable];
    if (found !== undefined && found !== '') return found;
    throw new UsageError(`${file}: ${path.join('.').replaceAll('.[', '[')}: the environment has no ${variable}`);
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, filled(one, env, file, [...path, key])]));
}
