import { expect, test } from 'vitest';
import { fileFailure, serverFailure } from './file-failure.ts';

/** Lines as PostgreSQL 18 and initdb print them. */
test.each([
  ['FATAL:  could not extend file "base/1/2": No space left on device', 'embedded.disk_full'],
  [
    'initdb: error: could not create directory "/x/pg_wal": Disk quota exceeded',
    'embedded.disk_full',
  ],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'embedded.port_taken'],
  ['FATAL:  data directory "/x" has wrong ownership', 'embedded.data_unusable'],
  ['FATAL:  database files are incompatible with server', 'embedded.data_unusable'],
  ['initdb: error: could not look up effective user ID 4711', 'embedded.data_unusable'],
  ['FATAL:  something never seen before', 'embedded.start_failed'],
])('%s', (output, code) => {
  const failure = serverFailure(output, { step: 'start' });
  expect(failure.code).toBe(code);
  expect(JSON.stringify(failure.details)).not.toContain('FATAL');
});

test('a full disk is told from a folder that may not be used', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const closed = Object.assign(new Error('open'), { code: 'EACCES' });
  expect(fileFailure(full, '/data').code).toBe('embedded.disk_full');
  expect(fileFailure(closed, '/data')).toMatchObject({
    code: 'embedded.data_unusable',
    details: { folder: '/data', systemError: 'EACCES' },
  });
});
