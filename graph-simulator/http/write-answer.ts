import type { ServerResponse } from 'node:http';
import type { Answer } from '../graph/graph-call.ts';

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;' +
  'IEEE754Compatible=false;charset=utf-8';

/** Puts an answer on the wire, as well or as badly as it asks for. */
export function writeAnswer(response: ServerResponse, answer: Answer, requestId: string): void {
  if (answer.wire === 'hang') return;
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  if (answer.wire === 'reset' || (answer.wire === 'resetMidBody' && text === '')) {
    response.socket?.resetAndDestroy();
    return;
  }
  // Cut before the last brace: it can never be read as JSON.
  const body = answer.wire === 'malformedJson' ? text.slice(0, -1) : text;
  const headers: Record<string, string | number> = {
    'request-id': requestId,
    'odata-version': '4.0',
    ...answer.headers,
    'content-length': Buffer.byteLength(body),
  };
  if (body !== '') headers['content-type'] = JSON_TYPE;
  response.writeHead(answer.status, headers);
  if (answer.wire === 'resetMidBody') {
    const half = Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2));
    response.write(half, () => response.destroy());
    return;
  }
  response.end(body);
}

/** An answer of the simulator's own pages. */
export function writeJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
