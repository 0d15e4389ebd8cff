// Writes docs/events.schema.json from the schema that listeners use. After `npm run build`: node scripts/events-schema.js
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventJsonSchema } from '../packages/core/dist/event/schema.js';

const file = fileURLToPath(new URL('../docs/events.schema.json', import.meta.url));
writeFileSync(file, JSON.stringify(eventJsonSchema()));
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
