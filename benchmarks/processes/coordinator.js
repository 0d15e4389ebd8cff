import { Coordinator } from '@carillon/coordinator';

const place = JSON.parse(process.argv[2]);
const coordinator = new Coordinator(place);
await coordinator.start();
process.once('SIGTERM', () => coordinator.shutdown().then(() => process.exit()));
process.once('disconnect', () => process.exit());
process.on('message', () => process.send({ health: coordinator.health() }));
process.send({ ready: coordinator.id });
