import { expect, test } from 'vitest';
import { captureOutput } from '../../tests/setup/cli-output.ts';
import { printable } from './output.ts';

test('piped, a table has columns without a frame, and numbers stand to the right', () => {
  const { output, out } = captureOutput();
  output.table(
    ['Name', 'Count'],
    [
      ['a', 5],
      ['bb', 10_000],
    ],
  );
  expect(out.join('')).toBe('Name  Count\na         5\nbb    10000\n');
});

test('a name cannot steer the terminal', () => {
  expect(printable('a\u001b[31mred\u0007\nb\u202ec')).toBe('a·[31mred··b·c');
});

test('a name in a table cannot either', () => {
  const { output, out } = captureOutput();
  output.table(['Name'], [['\u001b[2J']]);
  expect(out.join('')).not.toContain('\u001b');
});

test('answers are one line of JSON, and failures go beside them', () => {
  const { output, out, err } = captureOutput();
  output.json({ a: [1, 2] });
  output.note('warning');
  expect(out).toEqual(['{"a":[1,2]}\n']);
  expect(err).toEqual(['warning\n']);
});
