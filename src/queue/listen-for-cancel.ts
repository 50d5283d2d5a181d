import pg from 'pg';
import type { Secret } from '../kernel/secret.ts';

const RECONNECT_MS = 1_000;

/**
 * Hears at once that a run is to be cancelled, to break its reads off. Only a shortcut: a missed
 * notice is seen at the next item, so a lost connection is simply opened again.
 */
export function listenForCancel(
  loginUrl: Secret<string>,
  onCancel: (runId: string) => void,
): { close(): Promise<void> } {
  let isClosed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const reconnect = () => {
    if (isClosed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void connect();
    }, RECONNECT_MS);
  };
  const connect = async () => {
    const next = new pg.Client({
      connectionString: loginUrl.reveal(),
      application_name: 'tenantatlas-cancel',
    });
    next.on('error', () => {});
    next.on('end', reconnect);
    next.on('notification', (notice) => onCancel(notice.payload ?? ''));
    try {
      await next.connect();
      await next.query('listen run_cancel');
      client = next;
      if (isClosed) await next.end();
    } catch {
      await next.end().catch(() => {});
      reconnect();
    }
  };
  void connect();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
