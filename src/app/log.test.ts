import { expect, test } from 'vitest';
import { AppError } from '../kernel/errors.ts';
import { Secret } from '../kernel/secret.ts';
import { createLog } from './log.ts';

function logged(fields: object): string {
  const lines: string[] = [];
  const log = createLog({ level: 'info', part: 'test', write: (line) => void lines.push(line) });
  log.info('said', fields);
  return lines.join('');
}

test('a field on the list is logged', () => {
  expect(JSON.parse(logged({ runId: 'r1', count: 3 }))).toMatchObject({
    level: 'info',
    part: 'test',
    msg: 'said',
    runId: 'r1',
    count: 3,
  });
});

test('a field that is not on the list is dropped, whatever it holds', () => {
  const line = logged({ token: 'ta_abc', body: { secret: 'x1' }, runId: 'r1' });
  expect(line).not.toMatch(/ta_abc|x1|token|body/);
});

test('an object under an allowed name is dropped: only plain values pass', () => {
  expect(logged({ code: { token: 'ta_abc' } })).not.toContain('ta_abc');
});

test('an error is told by code, details and place, never by its message', () => {
  const cause = Object.assign(new Error('password=hunter2 in row'), { code: '23505' });
  const line = logged({ error: new AppError('snapshot.damaged', { policyId: 'p1' }, cause) });
  expect(line).toMatch(/snapshot\.damaged/);
  expect(line).toMatch(/p1/);
  expect(line).toMatch(/23505/);
  expect(line).toMatch(/log\.test\.ts/);
  expect(line).not.toMatch(/hunter2/);
});

test('a secret stays a secret', () => {
  expect(logged({ code: new Secret('hunter2') })).not.toContain('hunter2');
});
