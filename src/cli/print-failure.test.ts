import { expect, test } from 'vitest';
import { captureOutput } from '../../tests/setup/cli-output.ts';
import { ConfigError } from '../app/config.ts';
import { AppError } from '../kernel/errors.ts';
import { UsageError } from './command.ts';
import { exitCodeOf, printFailure } from './print-failure.ts';

function told(error: unknown): string {
  const { output, out, err } = captureOutput();
  printFailure(output, error);
  expect(out).toEqual([]);
  return err.join('');
}

test('a code is told by its sentence, its details and what to do next', () => {
  expect(told(new AppError('server.unreachable', { url: 'http://127.0.0.1:1' }))).toBe(
    'error: The TenantAtlas server does not answer.\n' +
      '  url: http://127.0.0.1:1\n' +
      '  Start it with "tenantatlas serve", or name its address with --url.' +
      '  (server.unreachable)\n',
  );
});

test('what nobody foresaw is told without its words and without a stack', () => {
  const words = told(new Error('password=hunter2'));
  expect(words).toMatch(/went wrong on our side/);
  expect(words).not.toMatch(/hunter2|at .*\.ts/);
});

test('usage is 2, what could not begin is 3', () => {
  expect(exitCodeOf(new UsageError('--x: no'))).toBe(2);
  expect(exitCodeOf(new ConfigError('X: no'))).toBe(2);
  expect(exitCodeOf(new AppError('request.invalid', { field: '/name' }))).toBe(2);
  expect(exitCodeOf(new AppError('forbidden'))).toBe(3);
  expect(exitCodeOf(new Error('?'))).toBe(3);
});
