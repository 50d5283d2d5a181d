import { expect, test } from 'vitest';
import { classifyWriteFailure } from './classify-write-failure.ts';

test.each([400, 401, 403, 404, 405, 412, 413, 415, 422, 429])(
  '%i proves that nothing was done',
  (status) => {
    expect(classifyWriteFailure({ status })).toBe('not_executed');
  },
);

test.each([408, 409, 500, 502, 503, 504, 507, 302, 418])('%i proves nothing', (status) => {
  expect(classifyWriteFailure({ status })).toBe('ambiguous');
});

test('a lost answer proves nothing', () => {
  expect(classifyWriteFailure({ network: true })).toBe('ambiguous');
});
