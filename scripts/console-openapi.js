// Writes docs/console-openapi.json from the routes of the console. After `npm run build`: node scripts/console-openapi.js
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../packages/console/dist/api/openapi.js';

const file = fileURLToPath(new URL('../docs/console-openapi.json', import.meta.url));
writeFileSync(file, JSON.stringify(openApiDocument()));
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
