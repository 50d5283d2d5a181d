/** The first so many of a list, without reading further. */
export async function takeSome<T>(list: AsyncIterable<T>, limit: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of list) {
    taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
}
