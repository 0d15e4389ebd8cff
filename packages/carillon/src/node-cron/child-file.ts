/** The module that child processes of background tasks run. */
export const CHILD_FILE = new URL('./child.js', import.meta.url);
