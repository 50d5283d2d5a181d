/** Resolves when somebody asks us to stop. */
export function awaitStop(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // A promise keeps no process alive; nor does a signal handler.
    const keepAlive = setInterval(() => {}, 2 ** 30);
    const onAbort = (): void => {
      clearInterval(keepAlive);
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
