import type { Redaction, Right, Role, TokenRecord } from '@carillon/console';
import { type Command, Option } from 'commander';
import type { Io } from '../io.js';
import { list, until } from '../options/values.js';
import { loadConsole } from './load.js';

interface Options {
  readonly actor: string;
  readonly role?: Role;
  readonly rights?: readonly Right[];
  readonly stores?: readonly string[];
  readonly tags?: readonly string[];
  readonly redact?: readonly Redaction[];
  readonly expires?: Date;
  readonly json?: boolean;
}

const EXAMPLES = `
Prints the line to keep on stdout, and the token itself on stderr: the token is not stored, and is shown only once.

Examples:
  $ carillon console token --actor ann --role admin >> tokens.jsonl
  $ carillon console token --actor ci --rights read,enqueue --stores reports --expires 90d >> tokens.jsonl
  $ carillon console token --actor support --role viewer --tags eu --redact arguments,results >> tokens.jsonl`;

export function addToken(command: Command, io: Io): void {
  command
    .command('token')
    .description('make a token for the console')
    .requiredOption('--actor <who>', 'the person or program that it is for: events of changes name it')
    .addOption(new Option('--role <role>', 'its role').choices(['viewer', 'operator', 'admin']))
    .addOption(
      new Option(
        '--rights <rights>',
        'read, operate, enqueue, change, administer: separated by commas, in addition to the role or in its place',
      ).argParser(list),
    )
    .addOption(new Option('--stores <aliases>', 'it sees only these job stores').argParser(list))
    .addOption(new Option('--tags <tags>', 'it sees only jobs with one of these tags').argParser(list))
    .addOption(new Option('--redact <what>', 'hidden from it: arguments, results, errors').argParser(list))
    .addOption(new Option('--expires <when>', 'an instant, or a duration from now on; never').argParser(until))
    .option('--json', 'both on stdout, as JSON: { token, record }')
    .addHelpText('after', EXAMPLES)
    .action(async ({ expires, json, ...of }: Options) => {
      const { makeToken } = await loadConsole();
      const until = expires && { expires: expires.toISOString() };
      const made: { token: string; record: TokenRecord } = makeToken({ ...of, ...until });
      if (json) return io.sayJson(made);
      io.sayJson(made.record);
      io.note(`the token of ${of.actor}, which is not shown again: ${made.token}`);
    });
}
