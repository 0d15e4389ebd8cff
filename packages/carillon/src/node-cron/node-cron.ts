import { InvalidOptionsError } from '@carillon/core';
import { Background } from './background.js';
import { inlineBody } from './body.js';
import type { ScheduledTask, TaskFn } from './context.js';
import { Identities } from './identity.js';
import { consoleLogger, type Logger } from './logger.js';
import { checkOptions, type RunCoordinator, type TaskOptions } from './options.js';
import { parse, validate, validateDetailed } from './pattern.js';
import { Room } from './room.js';
import { checkSettings, jobStoreOf, membersOf, type NodeCronSettings, redisOf } from './settings.js';
import { Task } from './task.js';
import { solvePath } from './task-file.js';
import { Turns } from './turns.js';

/** The functions of node-cron, each instance with its own schedules. */
export class NodeCron {
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #identities = new Identities();
  readonly #turns = new Turns(
    () => redisOf(this.#settings) !== undefined,
    () => this.#logger,
  );
  #settings: NodeCronSettings = {};
  #logger: Logger = consoleLogger;
  /** The room of the cluster, and that of this process alone. */
  #shared: Room | undefined;
  #own: Room | undefined;

  /** @throws InvalidOptionsError if an option is wrong, or schedules are started already */
  readonly configure = (settings: NodeCronSettings): void => {
    const checked = checkSettings(settings);
    if (this.#shared?.isOpen) {
      throw new InvalidOptionsError(
        'node-cron: configure() was called too late: call it before the first schedule is started, or set CARILLON_REDIS_URL',
      );
    }
    this.#settings = checked;
    this.#shared = undefined;
  };

  readonly schedule = (expression: string, func: TaskFn | string, options?: TaskOptions): ScheduledTask => {
    const task = this.createTask(expression, func, options);
    const started = Promise.resolve(task.start());
    started.catch((error: Error) => {
      (options?.logger ?? this.#logger).error(`node-cron: ${task.name} does not start: ${error?.message ?? error}`);
    });
    return task;
  };

  readonly createTask = (expression: string, func: TaskFn | string, options?: TaskOptions): ScheduledTask => {
    parse(expression);
    const checked = checkOptions(options);
    const isBackground = typeof func !== 'function';
    const url = isBackground ? solvePath(func) : '';
    const body = isBackground ? new Background(url, checked.startTimeout) : inlineBody(func);
    const { name, timezone } = checked;
    const identity = this.#identities.take({ name, pattern: expression, timezone, text: url || String(func) });
    const room = () => (checked.distributed === false ? this.#ownRoom() : this.#sharedRoom());
    const logger = checked.logger ?? this.#changingLogger;
    const parts = { pattern: expression, options: checked, identity, body, isBackground, logger, turns: this.#turns };
    const task = this.#made(() => new Task({ ...parts, room: room() }), identity);
    this.#tasks.set(task.id, task);
    task.on('task:destroyed', () => {
      this.#tasks.delete(task.id);
      this.#identities.free(identity);
    });
    return task;
  };

  readonly validate = validate;
  readonly validateDetailed = validateDetailed;
  readonly parse = parse;
  readonly getTasks = (): Map<string, ScheduledTask> => this.#tasks;
  readonly getTask = (id: string): ScheduledTask | undefined => this.#tasks.get(id);

  readonly setLogger = (logger: Logger | undefined): void => {
    this.#logger = logger ?? consoleLogger;
  };

  readonly setRunCoordinator = (coordinator: RunCoordinator | undefined): void => {
    this.#turns.coordinator = coordinator;
  };

  /**
   * Stops and removes all schedules of this process, lets running executions finish, and disconnects. Jobs on Redis stay, for other
   * processes.
   */
  readonly shutdown = async (timeout = 5_000): Promise<void> => {
    for (const task of [...this.#tasks.values()]) if (task instanceof Task) task.forget();
    const rooms = [this.#shared, this.#own];
    this.#shared = undefined;
    this.#own = undefined;
    await Promise.all(rooms.map((room) => room?.close(timeout)));
  };

  /** A logger that writes to the logger that is set at that moment. */
  readonly #changingLogger: Logger = {
    info: (message) => this.#logger.info(message),
    warn: (message) => this.#logger.warn(message),
    error: (message, error) => this.#logger.error(message, error),
    debug: (message, error) => this.#logger.debug(message, error),
  };

  #made(make: () => Task, identity: { readonly key: string }): Task {
    try {
      return make();
    } catch (error) {
      this.#identities.free(identity);
      throw error;
    }
  }

  #sharedRoom(): Room {
    this.#shared ??= this.#room(this.#settings, redisOf(this.#settings) !== undefined);
    return this.#shared;
  }

  #ownRoom(): Room {
    this.#own ??= this.#room({ ...this.#settings, redis: null }, false);
    return this.#own;
  }

  #room(settings: NodeCronSettings, isShared: boolean): Room {
    const onOutage = (error: Error) =>
      this.#logger.error(`node-cron: schedules are not in the cluster yet; trying again: ${error.message}`);
    const open = (tasks: Record<string, () => unknown>) => membersOf(settings, tasks);
    return new Room({ open, jobStore: jobStoreOf(settings), isShared, onOutage });
  }
}
