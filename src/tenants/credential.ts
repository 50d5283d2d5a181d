import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { GraphCredential } from '../graph/sign-in/credential.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';

/** Entra's own secrets have 40 characters; a certificate chain with its key fits into 50 kB. */
const SECRET_LENGTH_MAX = 500;
const PEM_LENGTH_MAX = 50_000;

const credentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('secret'), secret: z.string() }),
  z.strictObject({
    kind: z.literal('certificate'),
    privateKeyPem: z.string().max(PEM_LENGTH_MAX),
    certificatePem: z.string().max(PEM_LENGTH_MAX),
  }),
]);

/**
 * Checks a credential as far as one can without Microsoft, so that a mistake shows when it is
 * entered and not in the night. Whitespace around it (the line end of a file) is dropped.
 * @throws AppError credential.unusable with the reason; no cause: a parser may quote the key
 */
export function checkCredential(
  given: Secret<GraphCredential>,
  clock: Clock,
): Secret<GraphCredential> {
  const credential = given.reveal();
  if (credential.kind === 'secret') {
    const secret = credential.secret.trim();
    if (secret === '' || secret.length > SECRET_LENGTH_MAX) throw unusable('secret_length');
    if (!/^[\x21-\x7e]+$/.test(secret)) throw unusable('secret_characters');
    return new Secret({ kind: 'secret', secret });
  }
  const certificatePem = credential.certificatePem.trim();
  const privateKeyPem = credential.privateKeyPem.trim();
  requirePair(certificatePem, privateKeyPem, clock);
  return new Secret({ kind: 'certificate', privateKeyPem, certificatePem });
}

/** The credential as bytes to be sealed. */
export function writeCredential(credential: Secret<GraphCredential>): Secret<Buffer> {
  return new Secret(Buffer.from(JSON.stringify(credential.reveal()), 'utf8'));
}

/** What `writeCredential` wrote; the seal vouches for it. */
export function readCredential(bytes: Secret<Buffer>): Secret<GraphCredential> {
  return new Secret(credentialSchema.parse(JSON.parse(bytes.reveal().toString('utf8'))));
}

function requirePair(certificatePem: string, privateKeyPem: string, clock: Clock): void {
  if (Math.max(certificatePem.length, privateKeyPem.length) > PEM_LENGTH_MAX) {
    throw unusable('too_long');
  }
  if (/ENCRYPTED/.test(privateKeyPem)) throw unusable('private_key_encrypted');
  const certificate = parseOr('certificate_unreadable', () => new X509Certificate(certificatePem));
  const key = parseOr('private_key_unreadable', () => createPrivateKey(privateKeyPem));
  // Entra takes RSA keys only (learn.microsoft.com: certificate credentials).
  if (key.asymmetricKeyType !== 'rsa') throw unusable('private_key_not_rsa');
  if (!certificate.checkPrivateKey(key)) throw unusable('private_key_of_another_certificate');
  if (certificate.validToDate < clock.now()) throw unusable('certificate_expired');
}

function parseOr<T>(reason: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw unusable(reason);
  }
}

function unusable(reason: string): AppError {
  return new AppError('credential.unusable', { reason });
}
