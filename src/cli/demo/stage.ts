import { join } from 'node:path';
import type { Config } from '../../app/config.ts';
import type { App } from '../../app/create-app.ts';
import type { Secret } from '../../kernel/secret.ts';
import { ApiClient } from '../client/api-client.ts';
import { writeTokenFile } from '../client/token-file.ts';
import type { Cli } from '../command.ts';
import { runServer } from '../serve/run-server.ts';
import { openDemoDatabase, openDemoLog } from './demo-place.ts';
import { type DemoSimulator, startDemoSimulator } from './demo-simulator.ts';
import { type DemoTenant, setUpDemo } from './set-up-demo.ts';

const TENANTS = 3;

/** Everything that the demo's story needs, running. */
export interface Stage {
  readonly url: string;
  /** Opens the demo in a browser, once. */
  readonly signInUrl: string;
  /** Of the person that it signs in. */
  readonly password: Secret<string>;
  readonly app: App;
  readonly api: ApiClient;
  readonly simulator: DemoSimulator;
  readonly tenants: readonly DemoTenant[];
  /** Holds no policy; there when the demo is to restore. */
  readonly emptyTenant: DemoTenant | undefined;
  readonly tokenFile: string;
  readonly logPath: string;
  readonly corpus: string | undefined;
  /** Ends every process and removes the database, whatever state they are in. */
  close(): Promise<void>;
}

export interface StageOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly corpus: string | undefined;
  readonly hasEmptyTenant: boolean;
}

/** Starts database, simulator, server and worker, and sets the tenants up. */
export async function openStage(cli: Cli, options: StageOptions): Promise<Stage> {
  const { dataFolder, corpus } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne().catch(() => {});
  };
  try {
    const [database, simulator] = await bothOrNeither(
      openDemoDatabase(dataFolder),
      startDemoSimulator(cli.parts.simulatorFile, {
        tenants: TENANTS,
        empty: options.hasEmptyTenant ? 1 : 0,
        corpus,
      }),
    );
    closers.push(() => database.close());
    closers.push(() => simulator.close());
    const { path: logPath, fd, log } = openDemoLog(dataFolder);
    const { loginUrl, ownerUrl } = database;
    const config: Config = {
      ...options.config,
      database: { kind: 'external', loginUrl, ownerUrl },
      graphOverride: simulator.url,
    };
    const { parts } = cli;
    const server = await runServer({
      config,
      log,
      parts,
      hasWorker: true,
      database,
      workerLog: fd,
    });
    closers.push(() => server.close());
    cli.output.line(`Server, worker, database and simulator are up: ${server.url}`);

    const setup = await setUpDemo(server.app, await simulator.tenants());
    const { tenants: all, token, password } = setup;
    const signInUrl = `${server.url}/sign-in#${setup.signInToken.reveal()}`;
    const tenants = all.slice(0, TENANTS);
    const emptyTenant = all[TENANTS];
    const access = { url: server.url, token };
    const tokenFile = join(dataFolder, 'token.json');
    await writeTokenFile(tokenFile, access, true);
    const { app, url } = server;
    const api = new ApiClient(access);
    const told = { signInUrl, password, tenants, emptyTenant, tokenFile, logPath, corpus };
    return { url, app, api, simulator, ...told, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Closable {
  close(): Promise<void>;
}

/** What did start is closed when the other did not. */
async function bothOrNeither<A extends Closable, B extends Closable>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') await a.value.close();
  if (b.status === 'fulfilled') await b.value.close();
  throw a.status === 'rejected' ? a.reason : b.status === 'rejected' ? b.reason : undefined;
}
