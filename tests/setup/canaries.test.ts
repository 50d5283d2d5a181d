import { expect, test } from 'vitest';
import { canariesOfPem, canaryText, findCanaries } from './canaries.ts';
import { makePrivateKey } from './make-certificate.ts';

const value = canaryText('it');
const canaries = [{ name: 'it', value }];

test.each([
  ['text', `before ${value} after`],
  ['text', JSON.stringify({ value: JSON.stringify({ value }) })],
  ['hex', `\\x00${Buffer.from(value).toString('hex').toUpperCase()}`],
  ['URL', `?q=${encodeURIComponent(value)}`],
  ['form', `a=1&${new URLSearchParams({ value })}`],
  ['base64', Buffer.from(value).toString('base64')],
  ['base64', Buffer.from(`x${value}yz`).toString('base64')],
  ['base64', Buffer.from(`xx${value}`).toString('base64url')],
])('what is written as %s is found', (form, text) => {
  expect(findCanaries(text, canaries)).toContain(`it as ${form}`);
});

test('what is not there is not found', () => {
  expect(findCanaries(JSON.stringify({ value: canaryText('it') }), canaries)).toEqual([]);
});

test('any line of a key gives it away', () => {
  const pem = makePrivateKey('rsa');
  const lines = canariesOfPem('key', pem);
  expect(lines.length).toBeGreaterThan(20);
  expect(findCanaries(lines[7]?.value ?? '', lines)).toContain('key as text');
});
