import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { SECOND } from '../kernel/durations.ts';
import { runIdSchema, tenantIdSchema } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';

const CHANNEL = 'run_changed';
const BACKOFF_MAX_MS = 10 * SECOND;
const payloadSchema = z.tuple([tenantIdSchema, runIdSchema]);

/** A run that changed; null: any may have, for a while nobody was told. */
export type RunChange = z.infer<typeof payloadSchema>[1] | null;

/**
 * Hears of every run that changes, over one connection of the process. When it breaks another one
 * is made, and everybody is told that anything may have changed meanwhile.
 */
export class RunChanges {
  readonly #url: Secret<string>;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<(change: RunChange) => void>();
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(url: Secret<string>, onError: (error: unknown) => void) {
    this.#url = url;
    this.#onError = onError;
  }

  start(): void {
    this.#ended = this.#listenOn();
  }

  /** Aborts when the process stops: whoever waits for changes waits in vain. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** @returns stops hearing */
  hear(listener: (change: RunChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #listenOn(): Promise<void> {
    let backoffMs = 100;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#listenOnce(() => {
          backoffMs = 100;
        });
      } catch (error) {
        this.#onError(error);
      }
      await pause(backoffMs, undefined, { signal: this.#stop.signal }).catch(() => {});
      backoffMs = Math.min(2 * backoffMs, BACKOFF_MAX_MS);
    }
  }

  /** One connection, until it breaks or the process stops. */
  async #listenOnce(heard: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url.reveal(),
      connectionTimeoutMillis: 10 * SECOND,
      application_name: 'tenantatlas-events',
      keepAlive: true,
    });
    const broken = Promise.withResolvers<void>();
    client.on('error', broken.reject);
    client.on('end', () => broken.resolve());
    client.on('notification', ({ payload = '' }) => {
      const parsed = payloadSchema.safeParse(payload.split(' '));
      if (parsed.success) this.#tell(parsed.data[1]);
    });
    const end = () => void client.end().catch(() => {});
    this.#stop.signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      heard();
      this.#tell(null);
      await broken.promise;
    } finally {
      this.#stop.signal.removeEventListener('abort', end);
      await client.end().catch(() => {});
    }
  }

  #tell(change: RunChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
