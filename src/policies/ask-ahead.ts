/**
 * The same pages, each asked for while the one before is being worked: reading and writing down
 * take turns no more. At most one page is there unworked.
 */
export async function* askAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const page = await next;
      if (page.done) return;
      next = iterator.next();
      next.catch(() => {}); // thrown when its turn comes, if it comes
      yield page.value;
    }
  } finally {
    // Not awaited: it would wait for an answer that nobody wants any more.
    iterator.return?.().catch(() => {});
  }
}
