import { text } from 'node:stream/consumers';
import type { GraphCredential } from '../../graph/sign-in/credential.ts';
import { Secret } from '../../kernel/secret.ts';
import { UsageError } from '../command.ts';
import { readSmallFile } from '../read-small-file.ts';

/** Where a credential may come from; never the command line itself, which everyone can list. */
export interface CredentialSource {
  readonly secretFile?: string | undefined;
  readonly secretStdin: boolean;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** A certificate chain with its key is far smaller. */
const FILE_BYTES_MAX = 100_000;

/** @throws UsageError naming the option that is missing, too much, or cannot be read */
export async function readCredential(source: CredentialSource): Promise<Secret<GraphCredential>> {
  const { secretFile, secretStdin, certificateFile, keyFile } = source;
  const isCertificate = certificateFile !== undefined || keyFile !== undefined;
  const given = [secretFile !== undefined, secretStdin, isCertificate].filter(Boolean).length;
  if (given !== 1) throw new UsageError(CHOOSE_ONE);
  if (isCertificate) return readCertificate(certificateFile, keyFile);
  const secret =
    secretFile === undefined
      ? await text(process.stdin)
      : await readSmallFile(secretFile, 'secret-file', FILE_BYTES_MAX);
  return new Secret({ kind: 'secret', secret });
}

const CHOOSE_ONE =
  'give the credential by exactly one of --secret-file, --secret-stdin, or ' +
  '--certificate-file with --key-file';

async function readCertificate(
  certificateFile: string | undefined,
  keyFile: string | undefined,
): Promise<Secret<GraphCredential>> {
  if (certificateFile === undefined) throw new UsageError('--certificate-file: missing');
  if (keyFile === undefined) throw new UsageError('--key-file: missing');
  return new Secret({
    kind: 'certificate',
    certificatePem: await readSmallFile(certificateFile, 'certificate-file', FILE_BYTES_MAX),
    privateKeyPem: await readSmallFile(keyFile, 'key-file', FILE_BYTES_MAX),
  });
}
