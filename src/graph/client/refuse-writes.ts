import { isJsonObject, type JsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphRequest, Send } from './exchange.ts';

/**
 * The guard behind the types (law 3): whatever asks, a reading connection sends GET, a `$batch` of
 * GETs, or the look-up of directory objects by id, which Graph has made a POST.
 */
export function refuseWrites(next: Send): Send {
  return (request) => {
    if (!onlyReads(request)) throw new AppError('graph.write_refused');
    return next(request);
  };
}

function onlyReads({ method, url, body }: GraphRequest): boolean {
  if (method === 'GET') return body === undefined;
  const [path] = url.split('?');
  if (path === '/beta/directoryObjects/getByIds') return true;
  return path === '/beta/$batch' && body !== undefined && holdsOnlyGets(body);
}

function holdsOnlyGets(body: JsonObject): boolean {
  const parts = body['requests'];
  return (
    Array.isArray(parts) &&
    parts.every((part) => isJsonObject(part) && part['method'] === 'GET' && !('body' in part))
  );
}
