/** The logger of schedules. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error, error?: Error): void;
  debug(message: string | Error, error?: Error): void;
}

/** The console as a logger, in the format of node-cron. */
export const consoleLogger: Logger = {
  info: (message) => console.info(message),
  warn: (message) => console.warn(message),
  error: (message, error) => console.error(...(error ? [message, error] : [message])),
  debug: (message, error) => console.debug(...(error ? [message, error] : [message])),
};
