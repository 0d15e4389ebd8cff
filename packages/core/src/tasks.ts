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

declare const notJson: unique symbol;

/** Replaces a type `T` that JSON cannot carry in a task's parameters: no value is assignable to it. */
export interface JsonCannotCarry<T> {
  readonly [notJson]: T;
}

/** `T` if JSON can carry it, else a type to which no value is assignable. A list cannot contain `undefined`. */
export type JsonSafe<T> = unknown extends T
  ? JsonValue
  : T extends JsonPrimitive | undefined
    ? T
    : IsNotJson<T> extends true
      ? JsonCannotCarry<T>
      : T extends readonly unknown[]
        ? { [K in keyof T]: JsonSafe<Exclude<T[K], undefined>> }
        : T extends object
          ? { [K in keyof T]: JsonSafe<T[K]> }
          : JsonCannotCarry<T>;

/** A `T` after a round trip through JSON: dates are strings; functions and `undefined` are left out. */
export type JsonResult<T> = unknown extends T
  ? JsonValue
  : T extends JsonPrimitive
    ? T
    : T extends { toJSON(): infer J }
      ? JsonResult<J>
      : // biome-ignore lint/suspicious/noConfusingVoidType: what returns nothing comes back as null
        T extends undefined | void | Callable | symbol
        ? null
        : T extends readonly unknown[]
          ? { [K in keyof T]: JsonResult<T[K]> }
          : IsEmptied<T> extends true
            ? Record<string, never>
            : T extends object
              ? Flat<Present<T> & Perhaps<T>>
              : never;

/** The members that JSON always has, and those that it leaves out when they are `undefined`. */
type Present<T> = { [K in keyof T as undefined extends T[K] ? never : Kept<T, K>]: JsonResult<T[K]> };
type Perhaps<T> = {
  [K in keyof T as undefined extends T[K] ? Kept<T, K> : never]?: JsonResult<Exclude<T[K], undefined>>;
};
type Kept<T, K extends keyof T> = K extends symbol ? never : T[K] extends Callable | symbol | undefined ? never : K;
type Flat<T> = { [K in keyof T]: T[K] };

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
  | Promise<unknown>
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<never, unknown>
  | WeakSet<never>
  | ArrayBuffer
  | ArrayBufferView;

type IsNotJson<T> = T extends NotJson ? true : IsError<T>;

/** An object with a name and a message is plain data; an Error also has a cause and a stack. */
type IsError<T> = T extends Error ? ('cause' | 'stack' extends keyof T ? true : false) : false;

/** JSON writes these as `{}`. */
type IsEmptied<T> = T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | Promise<unknown> | RegExp
  ? true
  : IsError<T>;

type SafeArgs<P extends readonly unknown[]> = { readonly [I in keyof P]: JsonSafe<Exclude<P[I], undefined>> };

/** `args` may be left out where every parameter may. */
type Positional<P extends readonly unknown[]> = [] extends P
  ? { readonly args?: SafeArgs<P>; readonly kwargs?: undefined }
  : { readonly args: SafeArgs<P>; readonly kwargs?: undefined };

/** `kwargs` is passed as a final parameter, an object; the others are then all in `args`. */
type Keyword<P extends readonly unknown[]> = number extends P['length']
  ? never
  : Required<P> extends readonly [...infer Head, infer Last]
    ? IsRecord<Last> extends true
      ? Head extends []
        ? { readonly args?: readonly []; readonly kwargs: JsonSafe<Exclude<Last, undefined>> }
        : { readonly args: SafeArgs<Head>; readonly kwargs: JsonSafe<Exclude<Last, undefined>> }
      : never
    : never;

/** Whether a parameter, when it is given, is an object of named members. */
type IsRecord<T> = [Exclude<T, undefined>] extends [readonly unknown[] | NotJson]
  ? false
  : [Exclude<T, undefined>] extends [object]
    ? [IsError<Exclude<T, undefined>>] extends [false]
      ? true
      : false
    : false;

/** How a task can be called: with `args`, or with `args` and `kwargs`. */
type Invocation<F> = F extends (...args: infer P) => unknown ? Positional<P> | Keyword<P> : never;

/** The task and its arguments, one member of the union for each task name. */
export type Call<T> = string extends keyof T
  ? { readonly task: string; readonly args?: readonly JsonValue[]; readonly kwargs?: JsonObject }
  : { [K in TaskName<T>]: { readonly task: K } & Invocation<T[K]> }[TaskName<T>];

/** The return value of a task after a round trip through JSON. */
export type TaskResult<T, K extends TaskName<T>> = string extends keyof T
  ? JsonValue
  : T[K] extends (...args: never[]) => infer R
    ? JsonResult<Awaited<R>>
    : never;

/** The arguments of `enqueue`: required where the task has required parameters. */
export type EnqueueArgs<T, K extends TaskName<T>> = string extends keyof T
  ? readonly JsonValue[]
  : T[K] extends (...args: infer P) => unknown
    ? SafeArgs<P>
    : never;
