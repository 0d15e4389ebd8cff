import { constants } from 'node:os';
import type { Logger } from 'pino';
import { exitCodeOf } from '../exit-codes.js';
import { tellHealth } from '../health/socket.js';
import { note } from '../output.js';

/** What runs until it is told to end. */
export interface Server {
  start(): Promise<void>;
  health(): object;
  /** Lets what runs finish. */
  shutdown(): Promise<void>;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Runs a server until a signal drains it, then ends the process: a task's module may keep it alive. A second signal ends it
 * at once.
 */
export async function serve(server: Server, logger: Logger, healthSocket?: string): Promise<void> {
  const asked = firstSignal(logger);
  try {
    if (healthSocket !== undefined) await tellHealth(healthSocket, () => server.health());
    await Promise.race([server.start(), asked]);
    await asked;
    await server.shutdown();
    process.exit(0);
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    await server.shutdown().catch(() => {});
    process.exit(exitCodeOf(error));
  }
}

function firstSignal(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    let isDraining = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (isDraining) {
          logger.warn({ signal }, 'ending at once; what was running will run again elsewhere');
          process.exit(128 + constants.signals[signal]);
        }
        isDraining = true;
        logger.info({ signal }, 'draining; the same signal again ends at once');
        resolve();
      });
    }
  });
}
