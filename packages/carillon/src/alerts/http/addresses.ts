import { BlockList, isIP } from 'node:net';

const CLOSED_V4 = blockList('ipv4', [
  // "This" network, private, shared (carriers), loopback, link-local.
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  // Of protocols, for documentation, for benchmarks.
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  // Multicast, reserved, broadcast.
  ...['224.0.0.0/4', '240.0.0.0/4'],
]);
/** All addresses that are global today. */
const OPEN_V6 = blockList('ipv6', ['2000::/3']);
/** Exceptions: addresses of protocols such as Teredo, for documentation, and 6to4, which can lead to any IPv4 address. */
const CLOSED_V6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/**
 * Whether an address is on the public Internet: not one of this machine, a private network or a link. The source is IANA's registries
 * of special-purpose addresses.
 */
export function isPublicAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  const family = isIP(plain);
  if (family === 4) return !CLOSED_V4.check(plain, 'ipv4');
  // An IPv4 address that is written as one of IPv6 (`::ffff:127.0.0.1`) is outside 2000::/3, too.
  return family === 6 && OPEN_V6.check(plain, 'ipv6') && !CLOSED_V6.check(plain, 'ipv6');
}

function blockList(family: 'ipv4' | 'ipv6', nets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [address = '', bits] = net.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
