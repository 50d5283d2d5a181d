import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { GraphCredential } from '../../graph/sign-in/credential.ts';
import { Secret } from '../../kernel/secret.ts';
import { UsageError } from '../command.ts';

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
      : await readSmall(secretFile, 'secret-file');
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
    certificatePem: await readSmall(certificateFile, 'certificate-file'),
    privateKeyPem: await readSmall(keyFile, 'key-file'),
  });
}

async function readSmall(path: string, option: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).size > FILE_BYTES_MAX) throw new UsageError(`--${option}: too large`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--${option}: cannot be read`);
  }
}
