import type { SliceDeps } from './work-slice.ts';

/**
 * The work, or the reason of the abort once the work has ignored it for `abandonMs`: what hangs
 * must hold up neither a stop nor a cancel. What it writes later is refused by the fence.
 */
export async function unlessIgnored<T>(
  deps: SliceDeps,
  signal: AbortSignal,
  work: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const ignored = Promise.withResolvers<never>();
  const wait = () => {
    timer = setTimeout(() => ignored.reject(signal.reason), deps.settings.abandonMs);
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  try {
    return await Promise.race([work, ignored.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', wait);
  }
}
