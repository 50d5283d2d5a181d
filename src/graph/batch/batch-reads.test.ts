import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import { systemClock } from '../../kernel/clock.ts';
import { type GraphCall, SILENT_LOG } from '../client/call-log.ts';
import type { GraphAnswer, GraphRequest } from '../client/exchange.ts';
import { batchReads } from './batch-reads.ts';

test('reads that come together go together, by twenties, each with its own answer', async () => {
  const { send, sent } = batching((part) => ({ status: 200, body: { asked: part['url'] ?? '' } }));
  const answers = await Promise.all(urls(45).map((url) => send(request(url))));
  expect(sent.map(({ body }) => partsOf(body).length)).toEqual([20, 20, 5]);
  expect(answers.map(({ body }) => body)).toEqual(
    urls(45).map((url) => ({ asked: url.replace('/beta', '') })),
  );
  expect(answers.filter(({ wasRoundTripSaved }) => wasRoundTripSaved)).toHaveLength(42);
});

test('a read that is alone goes plainly', async () => {
  const { send, sent } = batching(() => ({ status: 200, body: {} }));
  await send(request('/beta/x'));
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /beta/x']);
});

test('a throttled or failed part is an answer of its own', async () => {
  const { send } = batching((part) => {
    if (part['url'] === '/1') return { status: 429, headers: { 'Retry-After': '3' }, body: {} };
    return { status: part['url'] === '/2' ? 500 : 200, body: {} };
  });
  const [fine, throttled, failed] = await Promise.all(urls(3).map((url) => send(request(url))));
  expect(fine?.status).toBe(200);
  expect(throttled).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  expect(failed?.status).toBe(500);
});

test('a part without an answer is a failure, never a silent loss', async () => {
  const { send } = batching((part) =>
    part['url'] === '/1' ? undefined : { status: 200, body: {} },
  );
  const outcomes = await Promise.allSettled(urls(3).map((url) => send(request(url))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'graph.unavailable' } });
});

test('a successful part whose body is no object is unreadable', async () => {
  const { send } = batching((part) => ({ status: 200, body: part['url'] === '/1' ? 'eyJh' : {} }));
  const outcomes = await Promise.allSettled(urls(2).map((url) => send(request(url))));
  expect(outcomes[1]).toMatchObject({ reason: { code: 'graph.answer_unreadable' } });
});

test.each([401, 429, 503])('%i of the whole batch concerns every part', async (status) => {
  const send = batchReads(async () => answer(status, {}), tools());
  const answers = await Promise.all(urls(3).map((url) => send(request(url))));
  expect(answers.map((part) => part.status)).toEqual([status, status, status]);
});

test('a batch refused as such sends each part on its own way', async () => {
  const send = batchReads(async () => answer(400, {}), tools());
  const outcomes = await Promise.allSettled(urls(2).map((url) => send(request(url))));
  expect(outcomes).toMatchObject([
    { reason: { code: 'graph.answer_unreadable' } },
    { reason: { code: 'graph.answer_unreadable' } },
  ]);
});

test('a caller who leaves takes only its own part along', async () => {
  const leaving = new AbortController();
  const { send, sent } = batching(() => ({ status: 200, body: {} }));
  const left = send(request('/beta/0', leaving.signal));
  const others = [send(request('/beta/1')), send(request('/beta/2'))];
  leaving.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  await Promise.all(others);
  expect(partsOf(sent[0]?.body)).toHaveLength(2);
});

test('what may not go any more when its turn comes is not sent', async () => {
  const { send, sent } = batching(() => ({ status: 200, body: {} }));
  const held = send({ ...request('/beta/0'), mayGo: () => false });
  const others = [send(request('/beta/1')), send({ ...request('/beta/2'), mayGo: () => true })];
  await expect(held).rejects.toMatchObject({ name: 'HeldBack' });
  await Promise.all(others);
  expect(partsOf(sent[0]?.body)).toHaveLength(2);
});

test('a batch that nobody wants any more is aborted', async () => {
  const leaving = new AbortController();
  const seen: AbortSignal[] = [];
  const started = Promise.withResolvers<void>();
  const send = batchReads(async ({ signal }) => {
    seen.push(signal);
    started.resolve();
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }, tools());
  const parts = urls(2).map((url) => send(request(url, leaving.signal)));
  await started.promise;
  leaving.abort(new Error('cancelled'));
  const outcomes = await Promise.allSettled(parts);
  expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  expect(seen[0]?.aborted).toBe(true);
});

test('each part is logged with an id of its own', async () => {
  const calls: GraphCall[] = [];
  const log = { graphCalled: (call: GraphCall) => calls.push(call) };
  const { send } = batching(() => ({ status: 200, body: {} }), log);
  await Promise.all(urls(3).map((url) => send(request(url))));
  expect(calls.map(({ isPart, status }) => [isPart, status])).toEqual(Array(3).fill([true, 200]));
  expect(new Set(calls.map(({ clientRequestId }) => clientRequestId)).size).toBe(3);
});

type PartAnswer = { status: number; headers?: JsonObject; body: JsonValue } | undefined;

/** Answers batches part by part, in reverse order as Graph may. */
function batching(answerPart: (part: JsonObject) => PartAnswer, log = SILENT_LOG) {
  const sent: GraphRequest[] = [];
  const send = batchReads(async (outer) => {
    sent.push(outer);
    if (outer.method === 'GET') return answer(200, {});
    const responses = partsOf(outer.body)
      .map((part) => ({ id: part['id'] ?? '', part: answerPart(part) }))
      .flatMap(({ id, part }) => (part === undefined ? [] : [{ id, ...part }]));
    return answer(200, { responses: responses.toReversed() });
  }, tools(log));
  return { send, sent };
}

function tools(log = SILENT_LOG) {
  return { clock: systemClock, log };
}

function urls(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/beta/${index}`);
}

function partsOf(body: JsonObject | undefined): JsonObject[] {
  const requests = body?.['requests'];
  return Array.isArray(requests) ? requests : [];
}

function answer(status: number, body: JsonValue): GraphAnswer {
  return { status, headers: {}, body, signInSerial: 1, wasRoundTripSaved: false };
}

function request(url: string, signal = new AbortController().signal): GraphRequest {
  return {
    method: 'GET',
    url,
    template: url,
    bucket: 'deviceConfiguration',
    cost: 1,
    isBatchable: true,
    unsafeNumbers: 'refuse',
    signal,
  };
}
