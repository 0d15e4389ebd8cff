import { Coordinator } from '@carillon/coordinator';
import { answers } from './answers.js';
import { telemetryOf } from './telemetry.js';

const { withMetrics, ...place } = JSON.parse(process.argv[2]);
const coordinator = new Coordinator({ ...place, telemetry: telemetryOf(withMetrics) });
await coordinator.start();
process.once('SIGTERM', () => coordinator.shutdown().then(() => process.exit()));
answers(coordinator.id, () => ({ health: coordinator.health() }));
