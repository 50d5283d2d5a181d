import { expect, test } from 'vitest';
import { askAhead } from './ask-ahead.ts';

/** Three pages, and what became of whoever gives them. */
function givePages(failsAt?: number) {
  const asked: number[] = [];
  const state = { isClosed: false };
  async function* pages() {
    try {
      for (const number of [1, 2, 3]) {
        asked.push(number);
        if (number === failsAt) throw new Error('half a page');
        yield number;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { asked, state, pages: askAhead(pages()) };
}

test('the next page is asked for before this one is worked, and no further one', async () => {
  const { asked, state, pages } = givePages();
  const seen: [number, number[]][] = [];
  for await (const page of pages) seen.push([page, [...asked]]);
  expect(seen).toEqual([
    [1, [1, 2]],
    [2, [1, 2, 3]],
    [3, [1, 2, 3]],
  ]);
  expect(state.isClosed).toBe(true);
});

test('a failure comes where its page would, after the pages before it', async () => {
  const { pages } = givePages(2);
  const seen: number[] = [];
  const reading = async () => {
    for await (const page of pages) seen.push(page);
  };
  await expect(reading()).rejects.toThrow('half a page');
  expect(seen).toEqual([1]);
});

test('whoever stops early leaves nothing open', async () => {
  const { asked, state, pages } = givePages();
  for await (const page of pages) if (page === 1) break;
  expect(asked).toEqual([1, 2]);
  await expect.poll(() => state.isClosed).toBe(true);
});
