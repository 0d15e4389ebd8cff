import 'reflect-metadata';
import { type INestApplicationContext, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { onTestFinished } from 'vitest';

/**
 * An application of these parts, ready; it is closed after the test.
 * @param afterTest of the test's context, where tests are concurrent.
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
