import { CarillonError } from './family.js';

/**
 * The job store is written in a newer format than this release can read; nothing was read or written. A coordinator or worker with this
 * error keeps trying until the format is lowered.
 */
export class FormatTooNewError extends CarillonError {
  /** The format of the job store. */
  readonly format: number;
  /** The highest format that this release can read. */
  readonly reads: number;

  /** @param store the prefix of the job store's keys. */
  constructor(store: string, format: number, reads: number) {
    super(
      'FORMAT_TOO_NEW',
      `job store ${store}* is written in format ${format}, and this release reads no higher than ${reads}: run a newer release here. While a coordinator or worker of this release runs beside newer ones, these write what it reads`,
    );
    this.format = format;
    this.reads = reads;
  }
}

/** The job store is written in an older format than this release can read; nothing was read or written. */
export class FormatTooOldError extends CarillonError {
  /** The format of the job store; null if it was written before formats had numbers. */
  readonly format: number | null;

  /**
   * @param store the prefix of the job store's keys.
   * @param reads the lowest format that this release can read.
   */
  constructor(store: string, format: number | null, reads: number) {
    super('FORMAT_TOO_OLD', format === null ? beforeFormats(store) : tooOld(store, format, reads));
    this.format = format;
  }
}

/** Whether an error says that the format of a job store cannot be read. */
export function isFormatError(error: unknown): error is FormatTooNewError | FormatTooOldError {
  return error instanceof FormatTooNewError || error instanceof FormatTooOldError;
}

function tooOld(store: string, format: number, reads: number): string {
  return `job store ${store}* is written in format ${format}, and this release reads from ${reads} on: run the release before this one here first, until \`carillon doctor\` shows a higher format`;
}

function beforeFormats(store: string): string {
  return `job store ${store}* was written by a release that this one cannot read (it has ${store}jobs or ${store}runs, and no ${store}format): have that release finish its runs, export its jobs and remove them, then import them with this one; or begin with another prefix`;
}
