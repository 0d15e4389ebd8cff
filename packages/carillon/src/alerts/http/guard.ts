import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.js';

/** A host that a request may not reach. */
export class RefusedHostError extends Error {
  constructor(host: string, address: string) {
    super(
      `${host} is at ${address}, which is not an address of the public Internet: name ${JSON.stringify(host)} in allowHosts to allow it`,
    );
  }
}

/** The name of a URL's host, without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** @throws RefusedHostError if the host is written as an address that is not public. Names are checked as they are resolved. */
export function checkHost(host: string): void {
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new RefusedHostError(host, host);
}

/**
 * Resolves a name to its public addresses. The connection uses one of these and does not resolve the name again, so that a name that
 * changes meanwhile cannot lead elsewhere.
 */
export function publicLookup(resolve: typeof lookup = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const open = found.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (!first) return callback(new RefusedHostError(host, found.map(({ address }) => address).join(', ')), '', 0);
      if (options.all) callback(null, open);
      else callback(null, first.address, first.family);
    });
  };
}
