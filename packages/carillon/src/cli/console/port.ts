/** Where a console listens by default. */
export const CONSOLE_PORT = 7300;
