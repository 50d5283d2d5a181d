import { expect, test } from 'vitest';
import { toCsv } from './to-csv.ts';

test('rows become lines, quotes and line ends stay what they are', () => {
  const rows = [
    { name: 'Say "hi"', count: 2, note: null },
    { name: 'a,b\nc', count: -1 },
  ];
  expect(toCsv(rows)).toBe('name,count,note\r\n"Say ""hi""",2,\r\n"a,b\nc",-1,\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%j is a text for a spreadsheet too', (name) => {
  expect(toCsv([{ name }])).toBe(`name\r\n'${name}\r\n`);
});
