import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { systemClock } from '../../kernel/clock.ts';
import { SECOND } from '../../kernel/durations.ts';
import type { Secret } from '../../kernel/secret.ts';

const APPLICATION_NAME = 'tenantatlas presence';
/** Backends of connections closed a moment ago take this long at most to leave the list. */
const LINGER_MS = SECOND;

/**
 * One idle connection for as long as we use the server. It tells other processes that we are here,
 * so that none of them stops the server under us, and tells us when the server is gone.
 */
export class Presence {
  readonly #client: Client;
  #isClosing = false;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Connects, which is also the proof that the server answers. */
  static async open(adminUrl: Secret<string>, onLost: () => void): Promise<Presence> {
    const client = new Client({
      connectionString: adminUrl.reveal(),
      application_name: APPLICATION_NAME,
    });
    const presence = new Presence(client);
    client.on('error', () => undefined);
    await client.connect();
    client.on('end', () => {
      if (!presence.#isClosing) onLost();
    });
    return presence;
  }

  /** Whether anybody but us is connected. */
  async isShared(): Promise<boolean> {
    const deadline = systemClock.monotonicMs() + LINGER_MS;
    for (;;) {
      const { rows } = await this.#client.query<{ application_name: string }>(
        `select application_name from pg_stat_activity
          where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      const isHeld = rows.some((row) => row.application_name === APPLICATION_NAME);
      if (isHeld || rows.length === 0) return isHeld;
      if (systemClock.monotonicMs() > deadline) return true;
      await pause(20);
    }
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#client.end().catch(() => undefined);
  }
}
