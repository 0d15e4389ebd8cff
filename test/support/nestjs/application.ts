import 'reflect-metadata';
import { type INestApplicationContext, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { onTestFinished } from 'vitest';

/**
 * Starts an application of these parts, and closes it after the test.
 * @param afterTest of the test's context, if tests are concurrent.
 */
export async function applicationOf(
  metadata: ModuleMetadata,
  afterTest: (close: () => Promise<void>) => void = onTestFinished,
): Promise<INestApplicationContext> {
  class AppModule {}
  Module(metadata)(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  afterTest(() => app.close());
  return app;
}
