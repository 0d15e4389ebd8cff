import type { JsonObject, JsonPrimitive, JsonValue } from './json.js';

/** A task: a plain function in the workers' code. */
export type TaskFunction = (...args: never[]) => unknown;

/** The constraint of a task map; an `interface` fits too. */
export type TaskMap<T> = { readonly [K in keyof T]: TaskFunction };

/** Any task by name, with arguments that JSON can carry: the task map of a Scheduler made without a type. */
export interface UntypedTasks {
  readonly [name: string]: (...args: JsonValue[]) => unknown;
}

export type TaskName<T> = keyof T & string;

/** `T` if JSON can carry it, else a type that nothing fits. */
export type JsonSafe<T> = unknown extends T
  ? JsonValue
  : T extends JsonPrimitive | undefined
    ? T
    : T extends NotJson
      ? never
      : T extends object
        ? { [K in keyof T]: JsonSafe<T[K]> }
        : never;

/** What JSON gives back of a `T`: dates as strings, functions and `undefined` left out. */
export type JsonResult<T> = unknown extends T
  ? JsonValue
  : T extends JsonPrimitive
    ? T
    : T extends { toJSON(): infer J }
      ? JsonResult<J>
      : T extends undefined
        ? null
        : T extends Callable | symbol
          ? never
          : T extends readonly unknown[]
            ? { [K in keyof T]: JsonResult<T[K]> }
            : T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
              ? Record<string, never>
              : T extends object
                ? { [K in keyof T as T[K] extends Callable | symbol | undefined ? never : K]: JsonResult<T[K]> }
                : never;

type Callable = (...args: never[]) => unknown;
type NotJson =
  | Callable
  | (abstract new (
      ...args: never[]
    ) => unknown)
  | symbol
  | bigint
  | Date
  | RegExp
  | Error
  | Promise<unknown>
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<never, unknown>
  | WeakSet<never>
  | ArrayBuffer
  | ArrayBufferView;

type SafeArgs<P extends readonly unknown[]> = { readonly [I in keyof P]: JsonSafe<P[I]> };

/** `args` may be left out where every parameter may. */
type Positional<P extends readonly unknown[]> = [] extends P
  ? { readonly args?: SafeArgs<P>; readonly kwargs?: undefined }
  : { readonly args: SafeArgs<P>; readonly kwargs?: undefined };

/** `kwargs` stands for a final parameter that is an object; the others are then all in `args`. */
type Keyword<P extends readonly unknown[]> = number extends P['length']
  ? never
  : Required<P> extends readonly [...infer Head, infer Last]
    ? IsRecord<Last> extends true
      ? Head extends []
        ? { readonly args?: readonly []; readonly kwargs: JsonSafe<Last> }
        : { readonly args: SafeArgs<Head>; readonly kwargs: JsonSafe<Last> }
      : never
    : never;

type IsRecord<T> = [T] extends [readonly unknown[] | NotJson] ? false : [T] extends [object] ? true : false;

/** How a task may be called: `args`, or `args` and `kwargs`. */
type Invocation<F> = F extends (...args: infer P) => unknown ? Positional<P> | Keyword<P> : never;

/** The task and its arguments, one member of the union for each task name. */
export type Call<T> = string extends keyof T
  ? { readonly task: string; readonly args?: readonly JsonValue[]; readonly kwargs?: JsonObject }
  : { [K in TaskName<T>]: { readonly task: K } & Invocation<T[K]> }[TaskName<T>];

/** The arguments of `enqueue`: required where the task has required parameters. */
export type EnqueueArgs<T, K extends TaskName<T>> = string extends keyof T
  ? readonly JsonValue[]
  : T[K] extends (...args: infer P) => unknown
    ? SafeArgs<P>
    : never;
