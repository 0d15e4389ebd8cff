import { expect, it } from 'vitest';
import { isPublicAddress } from '../../../../packages/carillon/src/alerts/http/addresses.js';

const CLOSED = `
  0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.0 169.254.169.254
  172.16.0.0 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7
  203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1
  2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 fc00::1 fd12:3456::1 fe80::1
  fe80::1%eth0 fec0::1 ff02::1 5f00::1
  localhost 127.1 8.8.8 1.2.3.4.5 example.org`;
const OPEN = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0
  172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
  2001:4860:4860::8888 2001:200::1 2606:4700::1111 2a00:1450::1 2003::1`;
const words = (text: string) => text.trim().split(/\s+/);

it('takes for public what is none of this machine, a private network or a link, however it is written', () => {
  const isPublic = (address: string) => [address, isPublicAddress(address)] as const;
  expect(words(CLOSED).map(isPublic)).toEqual(words(CLOSED).map((address) => [address, false]));
  expect([...words(OPEN), ''].map(isPublic)).toEqual([...words(OPEN).map((address) => [address, true]), ['', false]]);
});
