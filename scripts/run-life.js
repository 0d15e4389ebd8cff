// Writes the drawing of a run's life into ARCHITECTURE.md. After `npm run build`: node scripts/run-life.js
import { readFileSync, writeFileSync } from 'node:fs';
import { LIFE_PATTERNS, LIFE_TRANSITIONS } from '../packages/core/dist/run/life-table.js';
import { withLife } from './life/markdown.js';

const file = new URL('../ARCHITECTURE.md', import.meta.url);
const life = { patterns: LIFE_PATTERNS, transitions: LIFE_TRANSITIONS };
writeFileSync(file, withLife(readFileSync(file, 'utf8'), life));
