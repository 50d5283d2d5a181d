import { expect, test } from 'vitest';
import { UNSAFE_NUMBER } from './exchange.ts';
import { parseAnswer } from './parse-answer.ts';

test('numbers that a double holds pass, long digit strings too', () => {
  expect(parseAnswer(200, '{"a":9007199254740991,"b":"12345678901234567890"}', 'refuse')).toEqual({
    a: 9007199254740991,
    b: '12345678901234567890',
  });
});

test.each(['9007199254740993', '-12345678901234567890', '1e400'])('%s is refused', (number) => {
  expect(() => parseAnswer(200, `{"a":${number}}`, 'refuse')).toThrow(
    expect.objectContaining({ code: 'graph.number_unsafe' }),
  );
});

test('in a list the bad number is marked and the rest is read', () => {
  const text = '{"value":[{"a":12345678901234567890},{"a":1}]}';
  expect(parseAnswer(200, text, 'mark')).toEqual({ value: [{ a: UNSAFE_NUMBER }, { a: 1 }] });
});

test('half a document is unreadable, and its text goes nowhere', () => {
  const read = () => parseAnswer(200, '{"secret":"hunter2', 'refuse');
  expect(read).toThrow(expect.objectContaining({ code: 'graph.answer_unreadable' }));
  try {
    read();
  } catch (error) {
    expect(String(error instanceof Error ? error.cause : '')).not.toContain('hunter2');
  }
});

test('an error page that is not JSON does not hide its status', () => {
  expect(parseAnswer(502, '<html>', 'refuse')).toBeUndefined();
});
