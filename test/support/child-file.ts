/** Child processes run the build: they cannot read the sources. */
export const CHILD_FILE = new URL('../../packages/carillon/dist/node-cron/child.js', import.meta.url);
