import { onPath, run } from './command.js';
import type { Host } from './host.js';
import { startProcess } from './process.js';
import type { RedisServer, StartRedisOptions } from './server.js';

const timeoutMs = 600_000;

/** Installs the package of Redis, as root on Debian or Ubuntu. As this changes the machine, it logs that, and asks the user first. */
export async function startInstalled(host: Host, options: StartRedisOptions): Promise<RedisServer | string> {
  const refusal = await mayNotInstall(host);
  if (refusal !== undefined) return refusal;
  host.log('Installing redis-server ...');
  const env = {
    ...host.env,
    DEBIAN_FRONTEND: 'noninteractive',
    // The package would start a service of its own: not in single-user mode.
    RUNLEVEL: '1',
  };
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=120'];
  // An update that fails for one of many sources is ignored; the install reports it.
  await run('apt-get', [...waitForLock, 'update'], { env, timeoutMs });
  const install = ['install', '-y', '--no-install-recommends', 'redis-server'];
  const installed = await run('apt-get', [...waitForLock, ...install], { env, timeoutMs });
  if (!installed.ok) return `apt-get could not install redis-server: ${installed.tail}`;
  const program = onPath(['redis-server'], `${host.env.PATH}:/usr/bin`);
  if (program === undefined) return 'apt-get installed redis-server, but it is not on the PATH';
  return startProcess(program, 'package', options);
}

/** Returns why Redis may not be installed here; undefined if it may. */
export async function mayNotInstall(host: Host): Promise<string | undefined> {
  if (onPath(['apt-get'], host.env.PATH) === undefined) return 'there is no apt-get to install redis-server with';
  if (!host.root) return 'only root can install redis-server';
  host.log('There is no Redis here. `apt-get update && apt-get install -y redis-server` installs one.');
  if (host.terminal && !(await host.ask('Install it?'))) return 'installing redis-server was declined';
  return undefined;
}
