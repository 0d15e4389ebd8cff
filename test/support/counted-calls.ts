import type { JobStore } from '@carillon/core/internal';

/** Counts the calls on a backend's job stores by name. Changes the given backend, and returns it. */
export function counted<B extends { jobStore(alias: string): JobStore }>(backend: B, calls: Map<string, number>): B {
  const open = backend.jobStore.bind(backend);
  const countedPort = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          calls.set(String(name), (calls.get(String(name)) ?? 0) + 1);
          return Reflect.apply(method, target, args);
        };
      },
    });
  backend.jobStore = (alias) => {
    const { records, contenders, terms, ledger, alerts } = open(alias);
    return {
      alias,
      records: countedPort(records),
      contenders: countedPort(contenders),
      terms: countedPort(terms),
      ledger: countedPort(ledger),
      alerts: countedPort(alerts),
    };
  };
  return backend;
}
