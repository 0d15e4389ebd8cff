import { currentRun } from '@carillon/worker';
import { ContextIdFactory, type DiscoveryService, type MetadataScanner, type ModuleRef } from '@nestjs/core';
import { type Declared, declaredOf } from './declared.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A decorated method of a provider or controller. */
export interface Method {
  /** `Class.method`. */
  readonly name: string;
  readonly declared: readonly Declared[];
  call(...args: readonly unknown[]): unknown;
}

export interface Sources {
  readonly discovery: Pick<DiscoveryService, 'getProviders' | 'getControllers'>;
  readonly scanner: Pick<MetadataScanner, 'getAllMethodNames'>;
  readonly modules: Pick<ModuleRef, 'resolve' | 'registerRequestByContextId'>;
}

/**
 * All decorated methods of an application. One of a class that several modules provide is found once.
 * @param onTwice called with its name then
 */
export function methodsOf(sources: Sources, onTwice: (name: string) => void): readonly Method[] {
  const { discovery, scanner } = sources;
  const found: Method[] = [];
  const instances = new Set<unknown>();
  const seen = new Map<object, Set<string>>();
  for (const wrapper of [...discovery.getControllers(), ...discovery.getProviders()]) {
    const instance: unknown = wrapper.instance;
    if (typeof instance !== 'object' || instance === null || instances.has(instance)) continue;
    instances.add(instance);
    const prototype: object | null = Object.getPrototypeOf(instance);
    if (prototype === null) continue;
    const keys = seen.get(prototype) ?? new Set();
    seen.set(prototype, keys);
    for (const key of scanner.getAllMethodNames(prototype)) {
      const method = methodOf(wrapper, instance, key, sources);
      if (method === undefined) continue;
      if (keys.has(key)) onTwice(method.name);
      else found.push(method);
      keys.add(key);
    }
  }
  return found;
}

function methodOf(wrapper: Wrapper, instance: object, key: string, { modules }: Sources): Method | undefined {
  const declared = declaredOf(Reflect.get(instance, key));
  if (declared.length === 0) return undefined;
  const instanceOfRun = async (): Promise<object> => {
    const context = ContextIdFactory.create();
    modules.registerRequestByContextId(currentRun(), context);
    return modules.resolve<object>(wrapper.token, context, { strict: false });
  };
  const isStatic = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
  return {
    name: `${instance.constructor.name}.${key}`,
    declared,
    call: isStatic
      ? (...args) => callOf(instance, key)(...args)
      : async (...args) => callOf(await instanceOfRun(), key)(...args),
  };
}

/** Looks the method up when it is called: tests replace methods of instances. */
function callOf(instance: object, key: string): (...args: readonly unknown[]) => unknown {
  const method = Reflect.get(instance, key) as (...args: readonly unknown[]) => unknown;
  return (...args) => method.apply(instance, [...args]);
}
