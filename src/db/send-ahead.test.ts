import type { PostgresPoolClient } from 'kysely';
import { expect, test } from 'vitest';
import { sendAhead } from './send-ahead.ts';

const ANSWER = { command: 'SELECT' as const, rowCount: 1, rows: [{ n: 1 }] };

/** A connection whose answers come when the test says so. */
async function connect() {
  const sent: string[] = [];
  const answers: PromiseWithResolvers<typeof ANSWER>[] = [];
  const client: PostgresPoolClient = Object.assign(Object.create(null), {
    query(text: string) {
      sent.push(text);
      const answer = Promise.withResolvers<typeof ANSWER>();
      answers.push(answer);
      return answer.promise;
    },
    release: () => {},
  });
  const pool = { options: {}, connect: async () => client, end: async () => {} };
  const connection = await sendAhead(pool).connect();
  return { connection, sent, answers };
}

test('beginning and entering are not awaited before the first statement is sent', async () => {
  const { connection, sent, answers } = await connect();
  await connection.query('begin', []);
  await connection.query('/* ahead */ select enter()', []);
  const first = connection.query('select 1', []);
  expect(sent).toEqual(['begin', '/* ahead */ select enter()', 'select 1']);
  for (const answer of answers) answer.resolve(ANSWER);
  expect(await first).toEqual(ANSWER);
});

test('what failed ahead is what the next statement throws, once', async () => {
  const { connection, answers } = await connect();
  await connection.query('/* ahead */ select enter()', []);
  const first = connection.query('insert', []);
  answers[0]?.reject(new Error('fence lost'));
  answers[1]?.reject(new Error('current transaction is aborted'));
  await expect(first).rejects.toThrow('fence lost');
  const second = connection.query('select 1', []);
  answers[2]?.resolve(ANSWER);
  expect(await second).toEqual(ANSWER);
});

test('a transaction that sends nothing else learns of the failure when it commits', async () => {
  const { connection, answers } = await connect();
  await connection.query('/* ahead */ select enter()', []);
  const commit = connection.query('commit', []);
  answers[0]?.reject(new Error('fence lost'));
  answers[1]?.resolve(ANSWER);
  await expect(commit).rejects.toThrow('fence lost');
});

test('a rollback is not refused for what it rolls back, and leaves nothing behind', async () => {
  const { connection, answers } = await connect();
  await connection.query('/* ahead */ select enter()', []);
  const rollback = connection.query('rollback', []);
  answers[0]?.reject(new Error('fence lost'));
  answers[1]?.resolve(ANSWER);
  expect(await rollback).toEqual(ANSWER);
  const next = connection.query('select 1', []);
  answers[2]?.resolve(ANSWER);
  expect(await next).toEqual(ANSWER);
});
