import { AppError } from '../kernel/errors.ts';

const BODY_BYTES_MAX = 1024 * 1024;

/** What came with a request, read to its end but not looked at: the caller may not be allowed. */
export type ReceivedBody =
  | { readonly kind: 'text'; readonly text: string; readonly mediaType: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'unreadable' };

/** Reads a body before any transaction begins, so that a slow client holds none open. */
export async function receiveBody(request: Request): Promise<ReceivedBody> {
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > BODY_BYTES_MAX) return { kind: 'too_large' };
  try {
    // Node holds a sender to the length that was told; reading by chunks costs a tenth of a start.
    const bytes = length === null ? await readChunks(request) : await request.arrayBuffer();
    if (bytes === undefined || bytes.byteLength > BODY_BYTES_MAX) return { kind: 'too_large' };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    return { kind: 'text', text, mediaType: mediaType ?? '' };
  } catch {
    return { kind: 'unreadable' }; // not UTF-8, or the client went away
  }
}

/** A body whose length nobody told; undefined once it is longer than allowed. */
async function readChunks(request: Request): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * The body as JSON; no body at all is an empty object, for starts that need no input.
 * @throws AppError request.too_large, request.malformed
 */
export function parseBody(body: ReceivedBody): unknown {
  if (body.kind === 'too_large') throw new AppError('request.too_large');
  if (body.kind === 'unreadable') throw new AppError('request.malformed');
  if (body.text === '') return {};
  if (body.mediaType !== 'application/json') throw new AppError('request.malformed');
  try {
    return JSON.parse(body.text);
  } catch (error) {
    throw new AppError('request.malformed', {}, error);
  }
}
