import type { JsonResult, JsonSafe } from '@carillon/core';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

interface Given {
  readonly at: Date;
  left?: number;
  maybe: string | undefined;
  call(): void;
  readonly nested: { readonly list: readonly [Date, undefined, () => void] };
  table: Map<string, number>;
}

/** What JSON gives back. */
export function results(): void {
  holds<Equal<JsonResult<Date>, string>>();
  holds<Equal<JsonResult<undefined>, null>>();
  holds<Equal<JsonResult<(Date | undefined)[]>, (string | null)[]>>();
  holds<Equal<JsonResult<Given>['at'], string>>();
  holds<Equal<JsonResult<Given>['left'], number | undefined>>();
  holds<Equal<JsonResult<Given>['maybe'], string | undefined>>();
  holds<Equal<JsonResult<Given>['nested'], { readonly list: readonly [string, null, null] }>>();
  holds<Equal<JsonResult<Given>['table'], Record<string, never>>>();
  holds<Equal<keyof JsonResult<Given>, 'at' | 'left' | 'maybe' | 'nested' | 'table'>>();
  holds<Equal<JsonResult<{ name: string; message: string }>, { name: string; message: string }>>();
  // @ts-expect-error a date comes back as a string
  holds<Equal<JsonResult<Date>, Date>>();
  // @ts-expect-error a function does not come back
  holds<Equal<JsonResult<Given>['call'], () => void>>();
}

/** What JSON carries stays what it is. */
export function arguments_(): void {
  holds<Equal<JsonSafe<string | null>, string | null>>();
  holds<Equal<JsonSafe<{ a?: number; b: readonly string[] }>, { a?: number; b: readonly string[] }>>();
  holds<Equal<JsonSafe<'a' | 'b' | undefined>, 'a' | 'b' | undefined>>();
  // @ts-expect-error a date does not
  holds<Equal<JsonSafe<Date>, Date>>();
}
