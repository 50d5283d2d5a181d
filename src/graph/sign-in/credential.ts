import { X509Certificate } from 'node:crypto';
import type { Configuration } from '@azure/msal-node';
import { AppError } from '../../kernel/errors.ts';

/** How a connection proves who it is; a certificate is preferred. Only ever inside a Secret. */
export type GraphCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate';
      readonly privateKeyPem: string;
      readonly certificatePem: string;
    };

/**
 * The credential as msal wants it. With the SHA-256 thumbprint msal signs PS256 with x5t#S256,
 * as Microsoft's documentation asks (graph-facts 3, measured).
 */
export function msalCredential(
  credential: GraphCredential,
): Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate'> {
  if (credential.kind === 'secret') return { clientSecret: credential.secret };
  return {
    clientCertificate: {
      privateKey: credential.privateKeyPem,
      thumbprintSha256: thumbprintOf(credential.certificatePem),
    },
  };
}

function thumbprintOf(certificatePem: string): string {
  try {
    return new X509Certificate(certificatePem).fingerprint256.replaceAll(':', '');
  } catch {
    // The parser's message may quote the certificate.
    throw new AppError('graph.sign_in_failed', { reason: 'certificate_unreadable' });
  }
}
