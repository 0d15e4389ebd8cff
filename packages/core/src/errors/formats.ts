import { CarillonError } from './family.js';

/**
 * The job store is written in a format that this release does not read; nothing was read or written. A coordinator or worker that
 * meets it is not served until the format is lowered, and tries again by itself.
 */
export class FormatTooNewError extends CarillonError {
  /** What the job store is written in. */
  readonly format: number;
  /** The highest that this release reads. */
  readonly reads: number;

  /** @param store before the keys of the job store. */
  constructor(store: string, format: number, reads: number) {
    super(
      'FORMAT_TOO_NEW',
      `job store ${store}* is written in format ${format}, and this release reads no higher than ${reads}: run a newer release here. While a coordinator or worker of this release runs beside newer ones, these write what it reads`,
    );
    this.format = format;
    this.reads = reads;
  }
}

/** The job store is written in a format that this release does not read any more; nothing was read or written. */
export class FormatTooOldError extends CarillonError {
  /** What the job store is written in; null if it is from before there were formats. */
  readonly format: number | null;

  /**
   * @param store before the keys of the job store.
   * @param reads the lowest that this release reads.
   */
  constructor(store: string, format: number | null, reads: number) {
    super('FORMAT_TOO_OLD', format === null ? beforeFormats(store) : tooOld(store, format, reads));
    this.format = format;
  }
}

/** Whether it says that the format of a job store is not read. */
export function isFormatError(error: unknown): error is FormatTooNewError | FormatTooOldError {
  return error instanceof FormatTooNewError || error instanceof FormatTooOldError;
}

function tooOld(store: string, format: number, reads: number): string {
  return `job store ${store}* is written in format ${format}, and this release reads from ${reads} on: run the release before this one here first, until \`carillon doctor\` shows a higher format`;
}

function beforeFormats(store: string): string {
  return `job store ${store}* was written by a release that this one cannot read (it has ${store}jobs or ${store}runs, and no ${store}format): have that release finish its runs, export its jobs and remove them, then import them with this one; or begin with another prefix`;
}
