import type { IncomingMessage } from 'node:http';

/** Graph's own limit for a request body. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** The whole body as text, or nothing when it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_MAX_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
