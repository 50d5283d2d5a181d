import { PassThrough } from 'node:stream';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { poolEagerly } from './eager-pool.ts';

const ANSWER = { command: 'SELECT' as const, rowCount: 1, rows: [{ n: 1 }] };
const ENTER = '/* ahead */ select enter()';

/** A connection that answers when the test says so, and tells what was sent in which write. */
async function connect() {
  const writes: string[][] = [];
  const names: string[] = [];
  const answers: PromiseWithResolvers<typeof ANSWER>[] = [];
  const stream = new PassThrough();
  vi.spyOn(stream, 'cork').mockImplementation(() => void writes.push([]));
  const client = Object.assign(Object.create(null), {
    connection: { stream },
    query(query: string | { text: string; name?: string }) {
      const { text, name } = typeof query === 'string' ? { text: query } : query;
      writes.at(-1)?.push(text);
      if (name !== undefined) names.push(name);
      const answer = Promise.withResolvers<typeof ANSWER>();
      answers.push(answer);
      return answer.promise;
    },
    release: () => {},
  });
  const pool = new pg.Pool();
  vi.spyOn(pool, 'connect').mockImplementation(async () => client);
  const connection = await poolEagerly(pool).connect();
  return { connection, writes, names, answers };
}

test('beginning and entering are sent with the first statement, in one write', async () => {
  const { connection, writes, answers } = await connect();
  await connection.query('begin', []);
  await connection.query(ENTER, []);
  expect(writes).toEqual([]);
  const first = connection.query('select $1', [1]);
  expect(writes).toEqual([[`begin; ${ENTER}`, 'select $1']]);
  for (const answer of answers) answer.resolve(ANSWER);
  expect(await first).toEqual(ANSWER);
});

test('what failed ahead is what the next statement throws, once', async () => {
  const { connection, answers } = await connect();
  await connection.query(ENTER, []);
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
  await connection.query(ENTER, []);
  const commit = connection.query('commit', []);
  answers[0]?.reject(new Error('fence lost'));
  answers[1]?.resolve(ANSWER);
  await expect(commit).rejects.toThrow('fence lost');
});

test('a rollback is not refused for what it rolls back', async () => {
  const { connection, answers } = await connect();
  await connection.query(ENTER, []);
  const rollback = connection.query('rollback', []);
  answers[0]?.reject(new Error('fence lost'));
  answers[1]?.resolve(ANSWER);
  expect(await rollback).toEqual(ANSWER);
});

test('the commit is sent with the last statement, and asked for at the end', async () => {
  const { connection, writes, answers } = await connect();
  await connection.query('begin', []);
  const last = connection.query('/* last */ select 1', []);
  expect(writes).toEqual([['begin', '/* last */ select 1', 'commit']]);
  for (const answer of answers) answer.resolve(ANSWER);
  expect(await last).toEqual(ANSWER);
  answers[2]?.resolve(ANSWER);
  expect(await connection.query('commit', [])).toEqual(ANSWER);
  expect(writes).toHaveLength(1);
  void connection.query('commit', []);
  expect(writes.at(-1)).toEqual(['commit']);
});

test('a last statement that fails is rolled back, its commit not asked again', async () => {
  const { connection, writes, answers } = await connect();
  const last = connection.query('/* last */ insert', []);
  answers[0]?.reject(new Error('refused'));
  answers[1]?.resolve(ANSWER);
  await expect(last).rejects.toThrow('refused');
  void connection.query('rollback', []);
  void connection.query('commit', []);
  expect(writes.slice(1)).toEqual([['rollback'], ['commit']]);
});

test('a prepared statement has one name for each text, any other none', async () => {
  const { connection, names } = await connect();
  void connection.query('/* prepared */ select $1', [1]);
  void connection.query('/* last */ /* prepared */ select $2', [1]);
  void connection.query('/* prepared */ select $1', [2]);
  void connection.query('select $1', [1]);
  expect(names).toHaveLength(3);
  expect(names[0]).toBe(names[2]);
  expect(names[0]).not.toBe(names[1]);
});
