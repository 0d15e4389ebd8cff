import { type Command, InvalidArgumentError } from 'commander';
import type { Choices } from '../../import/entry.js';
import { type ByOptions, withBy } from '../options/by.js';
import { type PlaceOptions, withPlace } from '../options/place.js';
import { aliases, list } from '../options/values.js';

/** What one name becomes, and what all others become. */
interface Renaming {
  readonly all?: string;
  readonly of: ReadonlyMap<string, string>;
}

/** The options that both imports have. */
export interface ImportOptions extends PlaceOptions, ByOptions {
  readonly task?: Renaming;
  readonly executor?: Renaming;
  readonly timezone?: string;
  readonly tag?: readonly string[];
  readonly paused?: boolean;
  readonly apply?: boolean;
  readonly skip?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export function withImport(command: Command, what: { readonly task: string; readonly executor: string }): Command {
  return withBy(withPlace(command))
    .option('--apply', 'add the jobs (default: print what would be added, and write nothing)')
    .option('--replace', 'replace different jobs of the same id (default: add nothing if there are any)')
    .option('--skip', 'skip entries that cannot be carried over (default: add nothing if there are any)')
    .option('--task <task>', what.task, renaming)
    .option('--executor <alias>', what.executor, renamedExecutor)
    .option('--tag <tags>', 'tags to find the jobs by: moved,team:a, or repeat the option', list)
    .option('--paused', 'add the jobs paused')
    .option('--json', 'as JSON lines: one for each entry, then a summary');
}

export function choicesOf({ task, executor, timezone, tag: tags, paused = false }: ImportOptions): Choices {
  return {
    task: (name) => task?.of.get(name) ?? task?.all ?? name,
    executor: (queue) => executor?.of.get(queue) ?? executor?.all,
    timezone,
    tags,
    paused,
  };
}

/** `mail=mail.send` renames one; `mail.send` is what all others become. */
function renaming(text: string, before: unknown): Renaming {
  const { all, of = new Map<string, string>() } = (before ?? {}) as Partial<Renaming>;
  const at = text.lastIndexOf('=');
  const [name, target] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (target === '' || at === 0) throw new InvalidArgumentError('It is neither a name nor <old name>=<new name>.');
  if (at < 0) return { all: target, of };
  return { ...(all !== undefined && { all }), of: new Map([...of, [name, target]]) };
}

function renamedExecutor(text: string, before: unknown): Renaming {
  aliases(text.slice(text.lastIndexOf('=') + 1), undefined);
  return renaming(text, before);
}
