// nest.js
import { createConsole } from '@carillon/console';
import { nodeListener } from '@carillon/console/node';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';

class AppModule {}
Module({})(AppModule);

export async function start(options, path) {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use(path, nodeListener(createConsole(options)));
  await app.listen(0);
  return app.getHttpServer();
}
