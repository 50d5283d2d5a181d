import { setTimeout as pause } from 'node:timers/promises';
import { SECOND } from '../../kernel/durations.ts';
import { AppError, type SafeDetails } from '../../kernel/errors.ts';
import type { Secret } from '../../kernel/secret.ts';
import { findBinaries } from './binaries.ts';
import { type DataPlace, prepareDataPlace, removeLeftovers } from './data-place.ts';
import { systemCode } from './file-failure.ts';
import { awaitReady, launchServer, type ServerSettings } from './launch-server.ts';
import { hasCluster, makeCluster } from './make-cluster.ts';
import { type Passwords, readOrMakePasswords } from './passwords.ts';
import { findPostmaster, type PostmasterFacts } from './postmaster-file.ts';
import { Presence } from './presence.ts';
import { DATABASE_NAME, provisionServer } from './provision.ts';
import { serverUrl } from './server-url.ts';
import { withStartLock } from './start-lock.ts';
import { stopServer } from './stop-server.ts';

export interface EmbeddedPostgres {
  /** The superuser: only for creating roles and databases, never handed to the application. */
  readonly adminUrl: Secret<string>;
  /** Owns all schema objects, runs migrations and the queue's pool. */
  readonly ownerUrl: Secret<string>;
  /** What the application signs in as: LOGIN NOINHERIT, without grants. */
  readonly loginUrl: Secret<string>;
  readonly dataFolder: string;
  /** True when the server was already running. */
  readonly wasAdopted: boolean;
  /** Stops the server when no other client is connected, else leaves it to the others. */
  release(): Promise<'stopped' | 'left_running'>;
}

export interface EmbeddedOptions {
  readonly dataFolder: string;
  /** Server settings beside ours; they count only when this call starts the server. */
  readonly settings?: ServerSettings;
  readonly log?: (message: string, details: SafeDetails) => void;
}

/**
 * The embedded PostgreSQL of a data folder: made on the first start, adopted when it runs, started
 * again when it was killed. Any number of processes may share one; the last to release stops it.
 * While it is held, a server that dies is started again.
 * @throws AppError `embedded.*`
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = await prepareDataPlace(options.dataFolder);
  const server = new SupervisedServer(place, options);
  return server.open();
}

/** PostgreSQL's code for it. */
const DISK_FULL = '53100';

/** Five seconds: a stop that was under way or a death is over by then. */
const CONNECT_ATTEMPTS_MAX = 25;
const CONNECT_RETRY_MS = 200;

/** A server that dies over and over is not helped by starting it for ever. */
const REVIVALS_MAX = 10;

class SupervisedServer {
  readonly #place: DataPlace;
  readonly #options: EmbeddedOptions;
  #presence: Presence | null = null;
  /** Chosen by chance when there is no socket; kept, so that the addresses given out stay true. */
  #port: string | undefined;
  #isReleased = false;

  constructor(place: DataPlace, options: EmbeddedOptions) {
    this.#place = place;
    this.#options = options;
  }

  async open(): Promise<EmbeddedPostgres> {
    const { passwords, running, wasAdopted } = await withStartLock(this.#place.folder, () =>
      this.#hold(),
    );
    const words = passwords.reveal();
    return {
      adminUrl: serverUrl(running, 'postgres', words.postgres, 'postgres'),
      ownerUrl: serverUrl(running, 'atlas_owner', words.atlas_owner, DATABASE_NAME),
      loginUrl: serverUrl(running, 'atlas_login', words.atlas_login, DATABASE_NAME),
      dataFolder: this.#place.folder,
      wasAdopted,
      release: () => this.#release(),
    };
  }

  /** Under the start lock, so that nobody stops the server between our finding and holding it. */
  async #hold(): Promise<Held> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#holdOnce();
      } catch (error) {
        // A server that is dying at this moment still looks alive, and drops its connections.
        const mayRetry = error instanceof AppError && error.code === 'embedded.start_failed';
        const wasReached = mayRetry && error.details['step'] === 'connect';
        if (!wasReached || attempt === CONNECT_ATTEMPTS_MAX) throw error;
        await pause(CONNECT_RETRY_MS);
      }
    }
  }

  async #holdOnce(): Promise<Held> {
    const held = await this.#adoptOrStart();
    const { passwords, running, wasAdopted } = held;
    const adminUrl = serverUrl(running, 'postgres', passwords.reveal().postgres, 'postgres');
    try {
      this.#presence = await Presence.open(adminUrl, () => void this.#revive());
      await provisionServer(adminUrl, passwords);
    } catch (error) {
      await this.#presence?.close();
      throw connectionFailure(error);
    }
    if (running.socketFolder === '') this.#port = String(running.port);
    this.#options.log?.(wasAdopted ? 'database adopted' : 'database started', {
      folder: this.#place.folder,
    });
    return held;
  }

  async #adoptOrStart(): Promise<Held> {
    const place = this.#place;
    const isMade = await hasCluster(place);
    const passwords = await readOrMakePasswords(place.folder, isMade);
    const running = isMade ? await this.#findRunning() : null;
    if (running !== null) return { passwords, running, wasAdopted: true };

    await removeLeftovers(place);
    const binaries = await findBinaries(place);
    const settings: ServerSettings = {
      ...this.#options.settings,
      ...(this.#port === undefined ? {} : { port: this.#port }),
    };
    if (!isMade) await makeCluster(place, binaries, passwords, settings['fsync'] !== 'off');
    const started = await launchServer(place, binaries, settings);
    return { passwords, running: started, wasAdopted: false };
  }

  /** A server that is still starting is awaited; one that is stopping is gone in a moment. */
  async #findRunning(): Promise<PostmasterFacts | null> {
    const found = await findPostmaster(this.#place.cluster);
    if (found === null) return null;
    let isGone = false;
    const watch = async () => {
      isGone = (await findPostmaster(this.#place.cluster)) === null;
    };
    return awaitReady(this.#place, () => {
      void watch();
      return isGone;
    });
  }

  async #revive(): Promise<void> {
    for (let attempt = 1; attempt <= REVIVALS_MAX && !this.#isReleased; attempt += 1) {
      try {
        await withStartLock(this.#place.folder, async () => {
          // Asked again under the lock: a release that came first has stopped the server.
          if (!this.#isReleased) await this.#hold();
        });
        return;
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'internal';
        this.#options.log?.('database could not be started again', { attempt, code });
        await pause(Math.min(attempt, 5) * SECOND, undefined, { ref: false });
      }
    }
  }

  async #release(): Promise<'stopped' | 'left_running'> {
    if (this.#isReleased) return 'left_running';
    this.#isReleased = true;
    return withStartLock(this.#place.folder, async () => {
      const isShared = await this.#presence?.isShared().catch(() => false);
      await this.#presence?.close();
      if (isShared) return 'left_running';
      await stopServer(this.#place.cluster);
      return 'stopped';
    });
  }
}

function connectionFailure(error: unknown): AppError {
  const sqlState = systemCode(error);
  if (sqlState === DISK_FULL) return new AppError('embedded.disk_full', { sqlState }, error);
  return new AppError('embedded.start_failed', { step: 'connect', sqlState }, error);
}

interface Held {
  readonly passwords: Passwords;
  readonly running: PostmasterFacts;
  readonly wasAdopted: boolean;
}
