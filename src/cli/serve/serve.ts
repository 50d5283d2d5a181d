import { z } from 'zod';
import { loadConfig } from '../../app/config.ts';
import { createLog } from '../../app/log.ts';
import { awaitStop } from '../await-stop.ts';
import { defineCommand, portSchema, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { makeFirstLink } from './first-link.ts';
import { runServer } from './run-server.ts';
import { runWorker } from './run-worker.ts';

/** `serve`: the product itself. */
export const serveCommand = defineCommand({
  describe(command) {
    command
      .option('--port <n>', 'port to listen on; 0 chooses a free one (default 7420)')
      .option('--data <dir>', 'data folder of the embedded database')
      .option('--server-only', 'only HTTP; workers run elsewhere')
      .option('--worker-only', 'only a worker; HTTP runs elsewhere')
      .option('--json', 'print the address as JSON')
      .addHelpText('after', ENVIRONMENT_HELP);
  },
  options: z.object({
    port: portSchema.optional(),
    data: z.string().min(1, 'must name a folder').optional(),
    serverOnly: z.boolean().default(false),
    workerOnly: z.boolean().default(false),
    json: z.boolean().default(false),
  }),
  async run(cli, options) {
    if (options.serverOnly && options.workerOnly) {
      throw new UsageError('--server-only and --worker-only: choose one');
    }
    const config = loadConfig({ port: options.port, dataFolder: options.data });
    const part = options.workerOnly ? 'worker' : 'server';
    const log = createLog({ level: config.logLevel, part });
    if (options.workerOnly) {
      await runWorker(config, log, cli.stop);
      return EXIT.ok;
    }
    const { parts } = cli;
    const serving = await runServer({ config, log, parts, hasWorker: !options.serverOnly });
    const { url, publicUrl } = serving;
    const setUp = await makeFirstLink(serving);
    if (options.json) cli.output.json({ url, publicUrl, ...(setUp !== null && { setUp }) });
    else {
      const isElsewhere = publicUrl !== url;
      cli.output.line(`TenantAtlas listens on ${url}${isElsewhere ? ` for ${publicUrl}` : ''}`);
      if (setUp !== null) cli.output.line(`Set up the first admin (once): ${setUp}`);
    }
    await awaitStop(cli.stop);
    await serving.close();
    return EXIT.ok;
  },
});

const ENVIRONMENT_HELP = `
Environment:
  DATABASE_URL, DATABASE_OWNER_URL  a PostgreSQL >= 15 instead of the embedded one: the first is
                                    what the application signs in as, the second owns the schema
  TENANTATLAS_DATA                  data folder of the embedded database
  TENANTATLAS_KEY_FILE              the key that seals credentials (0600)
  TENANTATLAS_PORT                  port of the HTTP server
  TENANTATLAS_LISTEN                address to listen on (default 127.0.0.1); any other needs
  TENANTATLAS_PUBLIC_URL            https://… as people reach it, and either
  TENANTATLAS_TLS_CERT, _TLS_KEY    files of a certificate and its key, or
  TENANTATLAS_TRUSTED_PROXY         addresses of the proxy that speaks HTTPS for us
  TENANTATLAS_GRAPH_URL             http://127.0.0.1:PORT of a simulator in Microsoft's place
  TENANTATLAS_GRAPH_LIMITS          what that simulator allows: documented, tight or none
  TENANTATLAS_LOG_LEVEL             debug, info, warn, error or silent
  TENANTATLAS_WORKER_SLOTS          runs worked at once`;
