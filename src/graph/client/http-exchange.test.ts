import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type HttpLimits, openHttpExchange } from './http-exchange.ts';

const closings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

test('a gzipped answer is inflated', async () => {
  const { ask } = await serve((_, response) => {
    response.setHeader('content-encoding', 'gzip').end(gzipSync('{"a":1}'));
  });
  await expect(ask()).resolves.toMatchObject({ status: 200, text: '{"a":1}' });
});

test('the path is sent as it is, doubly encoded tokens included', async () => {
  const seen: (string | undefined)[] = [];
  const { ask } = await serve((request, response) => {
    seen.push(request.url);
    response.end('{}');
  });
  await ask('/beta/x?$skiptoken=%255Bcosmosdb%255D');
  expect(seen).toEqual(['/beta/x?$skiptoken=%255Bcosmosdb%255D']);
});

test('an answer cut short is unavailable, never half', async () => {
  const { ask } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('{"half":', () => response.destroy());
  });
  await expect(ask()).rejects.toMatchObject({
    code: 'graph.unavailable',
    details: { reason: 'connection' },
  });
});

test.each([
  ['plain', (text: string) => ({ bytes: Buffer.from(text), headers: {} })],
  [
    'gzipped',
    (text: string) => ({ bytes: gzipSync(text), headers: { 'content-encoding': 'gzip' } }),
  ],
])('a %s answer larger than allowed is refused', async (_, encode) => {
  const { bytes, headers } = encode(JSON.stringify('x'.repeat(5_000)));
  const { ask } = await serve(
    (_request, response) => {
      response.writeHead(200, headers).end(bytes);
    },
    { bodyBytesMax: 1_000 },
  );
  await expect(ask()).rejects.toMatchObject({
    code: 'graph.answer_unreadable',
    details: { reason: 'too_large' },
  });
});

test('no answer in time is unavailable', async () => {
  const { ask } = await serve(() => {}, { timeoutMs: 100 });
  await expect(ask()).rejects.toMatchObject({
    code: 'graph.unavailable',
    details: { reason: 'timeout' },
  });
});

test('an answer that trickles longer than allowed is unavailable', async () => {
  const { ask } = await serve(
    (_, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
    { timeoutMs: 150 },
  );
  await expect(ask()).rejects.toMatchObject({ details: { reason: 'timeout' } });
});

test('an abort ends the exchange with its own reason', async () => {
  const leaving = new AbortController();
  const { ask } = await serve(() => leaving.abort(new Error('run cancelled')));
  await expect(ask('/', leaving.signal)).rejects.toThrow('run cancelled');
});

test('nobody listening is unavailable', async () => {
  const http = openHttpExchange();
  closings.push(() => http.close());
  const gone = http.exchange({
    method: 'GET',
    origin: 'http://127.0.0.1:1',
    path: '/',
    headers: {},
  });
  await expect(gone).rejects.toMatchObject({ code: 'graph.unavailable' });
});

async function serve(answer: RequestListener, limits: Partial<HttpLimits> = {}) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const http = openHttpExchange(limits);
  closings.push(async () => {
    await http.close();
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    ask: (path = '/', signal?: AbortSignal) =>
      http.exchange({
        method: 'GET',
        origin,
        path,
        headers: {},
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}
