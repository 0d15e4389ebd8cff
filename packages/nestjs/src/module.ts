import { Scheduler } from '@carillon/core';
import {
  type ConfigurableModuleAsyncOptions,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { CarillonHealthIndicator } from './health-indicator.js';
import { Lifecycle } from './lifecycle.js';
import type { CarillonModuleOptions } from './options.js';
import { Place } from './place.js';

/** Options of `forRootAsync`: `useFactory` with `inject`, `useClass` or `useExisting`, and `imports`. */
export type CarillonModuleAsyncOptions = ConfigurableModuleAsyncOptions<CarillonModuleOptions, 'createCarillonOptions'>;

/** The interface of a class that `useClass` or `useExisting` names. */
export interface CarillonOptionsFactory {
  createCarillonOptions(): Promise<CarillonModuleOptions> | CarillonModuleOptions;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<CarillonModuleOptions>({
  moduleName: 'Carillon',
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createCarillonOptions')
  .build();

/** The parts of the module that do not depend on how the options are given. */
const PARTS = {
  global: true,
  imports: [DiscoveryModule],
  providers: [
    {
      provide: Place,
      useFactory: (options: CarillonModuleOptions) => new Place(options),
      inject: [MODULE_OPTIONS_TOKEN],
    },
    { provide: Scheduler, useFactory: (place: Place) => place.scheduler(), inject: [Place] },
    {
      provide: Lifecycle,
      useFactory: (
        place: Place,
        scheduler: Scheduler,
        discovery: DiscoveryService,
        scanner: MetadataScanner,
        modules: ModuleRef,
      ) => new Lifecycle(place, scheduler, { discovery, scanner, modules }),
      inject: [Place, Scheduler, DiscoveryService, MetadataScanner, ModuleRef],
    },
    {
      provide: CarillonHealthIndicator,
      useFactory: (lifecycle: Lifecycle, scheduler: Scheduler) => new CarillonHealthIndicator(lifecycle, scheduler),
      inject: [Lifecycle, Scheduler],
    },
  ],
  exports: [Scheduler, CarillonHealthIndicator],
};

/**
 * The module that runs the decorated methods of an application's providers and controllers. `Scheduler` and `CarillonHealthIndicator`
 * can be injected everywhere. It starts once the application is ready, and ends with `app.close()`.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: Nest knows modules by their classes
export class CarillonModule {
  /** Takes the options as they are. @throws InvalidOptionsError when the application starts, if an option is wrong */
  static forRoot(options: CarillonModuleOptions = {}): DynamicModule {
    return withParts(ConfigurableModuleClass.forRoot(options));
  }

  /** The same, with options from other providers. */
  static forRootAsync(options: CarillonModuleAsyncOptions): DynamicModule {
    return withParts(ConfigurableModuleClass.forRootAsync(options));
  }
}

Module({})(CarillonModule);

function withParts(given: DynamicModule): DynamicModule {
  return {
    ...given,
    ...PARTS,
    module: CarillonModule,
    imports: [...(given.imports ?? []), ...PARTS.imports],
    providers: [...(given.providers ?? []), ...PARTS.providers],
  };
}
