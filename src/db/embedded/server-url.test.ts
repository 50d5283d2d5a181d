import { Client } from 'pg';
import { expect, test } from 'vitest';
import { serverUrl } from './server-url.ts';

const socket = { pid: 1, port: 5432, socketFolder: '/a b/ü%20+&?#/run', listenAddress: '' };

test('node-postgres reads any socket folder back as it is', () => {
  const url = serverUrl({ ...socket, isReady: true }, 'atlas_owner', 'p-w_1', 'tenantatlas');
  const client = new Client({ connectionString: url.reveal() });
  expect(client).toMatchObject({
    host: '/a b/ü%20+&?#/run',
    port: 5432,
    user: 'atlas_owner',
    password: 'p-w_1',
    database: 'tenantatlas',
  });
});

test('a server on a port is addressed by it', () => {
  const server = { ...socket, socketFolder: '', listenAddress: '127.0.0.1', port: 23_456 };
  const url = serverUrl({ ...server, isReady: true }, 'atlas_login', 'pw', 'tenantatlas');
  expect(url.reveal()).toBe('postgresql://atlas_login:pw@127.0.0.1:23456/tenantatlas');
});
