import { constants } from 'node:os';
import type { Logger } from 'pino';
import { exitCodeOf } from '../exit-code-of.js';
import { serveHealth } from '../health/socket.js';
import type { Io } from '../io.js';

/** What runs until a signal ends it. */
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
export async function serve(io: Io, server: Server, logger: Logger, healthSocket?: string): Promise<void> {
  const asked = firstSignal(io, logger);
  try {
    if (healthSocket !== undefined) await serveHealth(healthSocket, () => server.health());
    await Promise.race([server.start(), asked]);
    await asked;
    await server.shutdown();
    io.end(0);
  } catch (error) {
    io.note(error instanceof Error ? error.message : String(error));
    await server.shutdown().catch(() => {});
    io.end(exitCodeOf(error));
  }
}

function firstSignal(io: Io, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    let isDraining = false;
    for (const signal of SIGNALS) {
      io.surroundings.signals.on(signal, () => {
        if (isDraining) {
          logger.warn({ signal }, 'ending at once; what was running will run again elsewhere');
          io.end(128 + constants.signals[signal]);
        }
        isDraining = true;
        logger.info({ signal }, 'draining; the same signal again ends at once');
        resolve();
      });
    }
  });
}
