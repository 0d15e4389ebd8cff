/** Libraries of which users get neither types nor instances: the bundles contain them. */
export const BUNDLED = [
  ...['@cfworker/json-schema', 'commander', 'cronstrue', 'zod'],
  ...['@hono/node-server', '@hono/zod-openapi', 'hono'],
];

/** Libraries in the page of the console, which Vite has bundled before. */
export const BUNDLED_IN_PAGE = ['preact', '@preact/signals', '@preact/signals-core'];
