/** Libraries that the bundles contain: users get neither their types nor their instances. */
export const BUNDLED = [
  ...['@cfworker/json-schema', 'commander', 'cronstrue', 'zod'],
  ...['@hono/node-server', '@hono/zod-openapi', 'hono'],
];

/** Libraries in the console's page, which Vite has already bundled. */
export const BUNDLED_IN_PAGE = ['preact', '@preact/signals', '@preact/signals-core'];
