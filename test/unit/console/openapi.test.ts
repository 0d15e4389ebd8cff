import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openApiDocument } from '../../../packages/console/src/api/openapi.js';
import { consoleInMemory } from '../../support/console.js';

it('docs/console-openapi.json is what scripts/console-openapi.js writes, and what the console serves', async () => {
  const kept: unknown = JSON.parse(readFileSync('docs/console-openapi.json', 'utf8'));
  expect(kept).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  const { ask } = consoleInMemory();
  expect((await ask('GET', 'openapi.json', undefined, { as: null })).body).toEqual(kept);
});
