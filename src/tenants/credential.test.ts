import { expect, test } from 'vitest';
import { makeCertificate, makePrivateKey } from '../../tests/setup/make-certificate.ts';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import { systemClock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { checkCredential, readCredential, writeCredential } from './credential.ts';

const PAIR = { kind: 'certificate', ...makeCertificate(new Date('2126-01-01')) } as const;

function check(credential: GraphCredential, now = new Date('2026-11-23')) {
  return checkCredential(new Secret(credential), { ...systemClock, now: () => now }).reveal();
}

function reasonOf(credential: GraphCredential, now?: Date): unknown {
  try {
    check(credential, now);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('credential.unusable');
    expect(error.cause).toBeUndefined();
    return error.details['reason'];
  }
  return 'accepted';
}

test('the line end of a file is no part of the secret', () => {
  expect(check({ kind: 'secret', secret: ' ab~C.1_-\r\n' })).toEqual({
    kind: 'secret',
    secret: 'ab~C.1_-',
  });
});

test('a certificate with its key is taken, and comes back from its bytes as it was', () => {
  const checked = new Secret(check(PAIR));
  expect(readCredential(writeCredential(checked)).reveal()).toEqual(checked.reveal());
});

test.each<[string, GraphCredential]>([
  ['secret_length', { kind: 'secret', secret: ' \n' }],
  ['secret_length', { kind: 'secret', secret: 'x'.repeat(501) }],
  ['secret_characters', { kind: 'secret', secret: 'two words' }],
  ['certificate_unreadable', { ...PAIR, certificatePem: PAIR.privateKeyPem }],
  ['private_key_unreadable', { ...PAIR, privateKeyPem: PAIR.certificatePem }],
  ['private_key_encrypted', { ...PAIR, privateKeyPem: '-----BEGIN ENCRYPTED PRIVATE KEY-----' }],
  ['private_key_of_another_certificate', { ...PAIR, privateKeyPem: makePrivateKey('rsa') }],
  ['private_key_not_rsa', { ...PAIR, privateKeyPem: makePrivateKey('elliptic') }],
  ['too_long', { ...PAIR, certificatePem: 'x'.repeat(50_001) }],
])('%s is refused', (reason, credential) => {
  expect(reasonOf(credential)).toBe(reason);
});

test('a certificate that has run out is refused', () => {
  expect(reasonOf(PAIR, new Date('2126-12-01'))).toBe('certificate_expired');
});
