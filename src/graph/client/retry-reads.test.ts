import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphAnswer, GraphRequest } from './exchange.ts';
import { retryReads } from './retry-reads.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const CUT = new AppError('graph.unavailable', { reason: 'connection' });

test.each<[string, GraphAnswer | AppError]>([
  ['500', answer(500)],
  ['503', answer(503)],
  ['504', answer(504)],
  ['408', answer(408)],
  ['429', answer(429)],
  ['a lost answer', CUT],
  ['an unreadable answer', new AppError('graph.answer_unreadable')],
])('%s is asked again', async (_, trouble) => {
  const { outcome, asked } = ask([trouble, answer(200)]);
  await vi.runAllTimersAsync();
  expect(await outcome).toMatchObject({ status: 200 });
  expect(asked).toHaveLength(2);
});

test.each([400, 401, 403, 404, 409])('%i is not asked again', async (status) => {
  const { outcome, asked } = ask([answer(status)]);
  expect(await outcome).toBeInstanceOf(AppError);
  expect(asked).toHaveLength(1);
});

test('a number too large in a plain answer is not asked again', async () => {
  const { outcome, asked } = ask([new AppError('graph.number_unsafe')]);
  expect(await outcome).toMatchObject({ code: 'graph.number_unsafe' });
  expect(asked).toHaveLength(1);
});

test('after five attempts the failure is given up', async () => {
  const { outcome, asked } = ask(Array.from({ length: 9 }, () => answer(500)));
  await vi.runAllTimersAsync();
  expect(await outcome).toMatchObject({ code: 'graph.unavailable', details: { status: 500 } });
  expect(asked).toHaveLength(5);
});

test('never before the time that the answer asked for', async () => {
  const { asked } = ask([answer(503, { 'retry-after': '7.5' }), answer(200)]);
  await vi.advanceTimersByTimeAsync(7_499);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
});

test('a wait longer than 15 s is handed to the run', async () => {
  const { outcome, asked } = ask([answer(503, { 'retry-after': '16' })]);
  expect(await outcome).toMatchObject({ details: { retryAfterSeconds: 16 } });
  expect(asked).toHaveLength(1);
});

test('after a batch that cannot be read each part asks for itself, at once', async () => {
  const { outcome, asked } = ask([new AppError('graph.number_unsafe'), answer(200)], true);
  expect(await outcome).toMatchObject({ status: 200 });
  expect(asked.map(({ isBatchable }) => isBatchable)).toEqual([true, false]);
});

test('an abort ends the waiting', async () => {
  const leaving = new AbortController();
  const { outcome } = ask([answer(500), answer(200)], false, leaving.signal);
  await vi.advanceTimersByTimeAsync(1);
  leaving.abort(new Error('cancelled'));
  expect(await outcome).toMatchObject({ message: 'cancelled' });
});

function ask(
  script: readonly (GraphAnswer | AppError)[],
  isBatchable = false,
  signal = new AbortController().signal,
) {
  const asked: GraphRequest[] = [];
  const send = retryReads(
    async (request) => {
      const next = script[asked.length];
      asked.push(request);
      if (next === undefined || next instanceof AppError) throw next;
      return next;
    },
    { clock: systemClock, random: () => 0.5 },
  );
  const outcome = send({
    method: 'GET',
    url: '/beta/x',
    template: '/beta/x',
    bucket: 'deviceConfiguration',
    cost: 1,
    isBatchable,
    unsafeNumbers: 'refuse',
    signal,
  }).catch((error: unknown) => error);
  return { outcome, asked };
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}): GraphAnswer {
  return { status, headers, body: {}, signInSerial: 1, wasRoundTripSaved: false };
}
