import { expect, test } from 'vitest';
import { ServedAddress } from './served-address.ts';

function listening(publicUrl: string | null = null): ServedAddress {
  const address = new ServedAddress(publicUrl === null ? null : new URL(publicUrl), []);
  address.listensOn('http://127.0.0.1:7420');
  return address;
}

test.each(['127.0.0.1:7420', 'localhost:7420', '[::1]:7420', undefined])(
  'this machine is served as %s',
  (host) => expect(listening().isServedAs(host)).toBe(true),
);

test.each(['evil.example', 'evil.example:7420', '127.0.0.1:80', '127.0.0.1', 'atlas.example'])(
  'nothing is served as %s',
  (host) => expect(listening().isServedAs(host)).toBe(false),
);

test('a public address is served besides, and links begin with it', () => {
  const address = listening('https://atlas.example');
  expect(address.isServedAs('atlas.example')).toBe(true);
  expect(address.isServedAs('atlas.example.evil.example')).toBe(false);
  expect(address.origin()).toBe('https://atlas.example');
  expect(listening().origin()).toBe('http://127.0.0.1:7420');
});
