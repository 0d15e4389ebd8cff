import { userInfo } from 'node:os';
import type { By } from '@carillon/core';
import { checkBy } from '@carillon/core/internal';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Who asks for what a command changes, and why. */
export interface ByOptions {
  readonly actor?: string;
  readonly reason?: string;
}

/** For commands that change something. */
export function withBy(command: Command): Command {
  return command
    .addOption(
      new Option('--actor <who>', 'the actor, for events (default: the system user)')
        .env('CARILLON_ACTOR')
        .argParser(checked('actor')),
    )
    .addOption(new Option('--reason <why>', 'the reason, for events').argParser(checked('reason')));
}

/** What a command's changes say: without --actor, the user of this system. */
export function byOf({ actor, reason }: ByOptions): By {
  return { actor: actor ?? systemUser(), reason };
}

function checked(name: keyof By): (text: string) => string {
  return (text) => {
    try {
      return checkBy({ [name]: text }, '')[name] ?? text;
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message.replace(/^: /, '')}.`);
    }
  };
}

/** It is not known where the user has no name, as in some containers. */
function systemUser(): string | undefined {
  try {
    return checkBy({ actor: userInfo().username }, '').actor;
  } catch {
    return process.getuid ? `uid ${process.getuid()}` : undefined;
  }
}
