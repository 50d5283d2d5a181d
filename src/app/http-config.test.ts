import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const PUBLIC = { TENANTATLAS_PUBLIC_URL: 'https://atlas.example' };
const ELSEWHERE = { TENANTATLAS_LISTEN: '0.0.0.0' };
const TLS = { TENANTATLAS_TLS_CERT: '/c.pem', TENANTATLAS_TLS_KEY: '/k.pem' };
const PROXY = { TENANTATLAS_TRUSTED_PROXY: '10.0.0.1, 10.0.0.2' };

test('without anything set only this machine is served', () => {
  const { http } = loadConfig({}, {});
  expect(http).toEqual({ listen: '127.0.0.1', publicUrl: null, tls: null, trustedProxies: [] });
});

test('other addresses are served with a certificate, or behind a proxy that was named', () => {
  const own = loadConfig({}, { ...ELSEWHERE, ...PUBLIC, ...TLS }).http;
  expect(own.tls).toEqual({ certFile: '/c.pem', keyFile: '/k.pem' });
  const behind = loadConfig({}, { ...ELSEWHERE, ...PUBLIC, ...PROXY }).http;
  expect(behind.trustedProxies).toEqual(['10.0.0.1', '10.0.0.2']);
});

test.each([
  ['in clear to everybody', ELSEWHERE, 'TENANTATLAS_PUBLIC_URL'],
  ['in clear under a name', { ...ELSEWHERE, ...PUBLIC }, 'TENANTATLAS_TLS_CERT'],
  [
    'a certificate without its key',
    { ...PUBLIC, TENANTATLAS_TLS_CERT: '/c' },
    'TENANTATLAS_TLS_KEY',
  ],
  ['a key without a certificate', { ...PUBLIC, TENANTATLAS_TLS_KEY: '/k' }, 'TENANTATLAS_TLS_CERT'],
  ['a certificate for no name', TLS, 'TENANTATLAS_PUBLIC_URL'],
  ['a public address in clear', { TENANTATLAS_PUBLIC_URL: 'http://a.example' }, 'PUBLIC_URL'],
  ['a name to listen on', { TENANTATLAS_LISTEN: 'localhost' }, 'TENANTATLAS_LISTEN'],
  ['a proxy by name', { ...PUBLIC, TENANTATLAS_TRUSTED_PROXY: 'proxy' }, 'TRUSTED_PROXY'],
])('%s: the start is refused, naming %j', (_what, environment, named) => {
  expect(() => loadConfig({}, environment)).toThrow(ConfigError);
  expect(() => loadConfig({}, environment)).toThrow(named);
});
