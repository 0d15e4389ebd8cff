// Starts two coordinators, two workers and a producer as processes of their own, and ends with the producer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const env = { REDIS_URL: 'redis://localhost:6379', ...process.env };
const start = (name) => {
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  return spawn(process.execPath, [program], { env, stdio: 'inherit' });
};

const servers = ['coordinator', 'coordinator', 'worker', 'worker'].map(start);
const [code] = await once(start('producer'), 'exit');
for (const server of servers) server.kill('SIGTERM');
await Promise.all(servers.map((server) => server.exitCode ?? once(server, 'exit')));
process.exitCode = code;
