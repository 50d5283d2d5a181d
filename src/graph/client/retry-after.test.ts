import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = new Date('2026-11-20T08:00:00Z');
const clock = { now: () => NOW, monotonicMs: () => 0 };

test.each([
  ['2.128', 2_128],
  ['10', 10_000],
  ['0', 0],
  ['-5', 0],
  ['Fri, 20 Nov 2026 08:00:30 GMT', 30_000],
  ['Fri, 20 Nov 2026 07:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
])('Retry-After "%s" is %s ms', (text, expected) => {
  expect(retryAfterMs(answerWith({ 'retry-after': text }), clock)).toBe(expected);
});

test('without the header nothing is told', () => {
  expect(retryAfterMs(answerWith({}), clock)).toBeUndefined();
});

function answerWith(headers: Readonly<Record<string, string>>) {
  return { status: 429, headers, body: undefined, signInSerial: 1, wasRoundTripSaved: false };
}
