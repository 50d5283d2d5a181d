import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Config, loadConfig } from '../../app/config.ts';
import { defaultDataFolder } from '../../db/embedded/default-data-folder.ts';
import { awaitStop } from '../await-stop.ts';
import { type Cli, defineCommand, portSchema, UsageError } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openStage, type Stage } from './stage.ts';
import { printSummaries, summaryJson } from './summary.ts';
import { tellStory } from './tell-story.ts';
import { Interrupted } from './work-round.ts';

/** `demo`: the main job on simulated tenants, from an empty database to a found-out change. */
export const demoCommand = defineCommand({
  describe(command) {
    command
      .option('--corpus <dir>', 'folder of real exports that the first tenant holds')
      .option('--restore', 'carry the restore out, and restore into an empty tenant as well')
      .option('--once', 'end after the table instead of serving on')
      .option('--json', 'print the table as one JSON object in the last line as well')
      .option('--data <dir>', 'data folder of the embedded database')
      .option('--port <n>', 'port of the server (default: any free one)')
      .option('--dev', 'keep its data apart from the demo: for "npm run dev"');
  },
  options: z.object({
    corpus: z.string().min(1, 'must name a folder').optional(),
    restore: z.boolean().default(false),
    once: z.boolean().default(false),
    json: z.boolean().default(false),
    data: z.string().min(1, 'must name a folder').optional(),
    port: portSchema.optional(),
    dev: z.boolean().default(false),
  }),
  async run(cli, options) {
    const { output } = cli;
    output.line(output.style('bold', FIRST_LINE));
    const corpus = await requireFolder(options.corpus);
    const dataFolder = resolve(options.data ?? defaultDataFolder(options.dev ? 'dev' : 'demo'));
    const config = loadConfig({ dataFolder, port: options.port ?? 0 }, DEMO_ENVIRONMENT);
    try {
      const hasEmptyTenant = options.restore;
      return await playDemo(cli, { config, dataFolder, corpus, hasEmptyTenant }, options);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      output.line('Stopped.');
      return EXIT.someFailed;
    }
  },
});

const FIRST_LINE =
  'TenantAtlas demo: nothing here talks to Microsoft. All tenants are simulated on this machine.';

/** What is configured for earnest must not lead the demo astray. */
const DEMO_ENVIRONMENT = {};

interface DemoPlace {
  readonly config: Config;
  readonly dataFolder: string;
  readonly corpus: string | undefined;
  readonly hasEmptyTenant: boolean;
}

async function playDemo(
  cli: Cli,
  place: DemoPlace,
  options: { readonly once: boolean; readonly json: boolean },
): Promise<ExitCode> {
  const { output } = cli;
  const stage = await openStage(cli, place);
  try {
    const { isGood, summaries, restores } = await tellStory(cli, stage);
    output.line();
    printSummaries(output, summaries);
    if (!isGood) output.note(`Something failed. What happened is in ${stage.logPath}`);
    if (!options.once) printAddresses(cli, stage);
    if (options.json) output.json(summaryJson(isGood, summaries, restores));
    if (!options.once) await awaitStop(cli.stop);
    return isGood ? EXIT.ok : EXIT.someFailed;
  } catch (error) {
    if (!(error instanceof Interrupted)) output.note(`The log is in ${stage.logPath}`);
    throw error;
  } finally {
    await stage.close();
  }
}

function printAddresses({ output }: Cli, stage: Stage): void {
  output.line();
  output.line(`Open        ${stage.signInUrl}`);
  output.line(
    `            (works once; asked again, you are Demo with ${stage.password.reveal()})`,
  );
  output.line(`Server      ${stage.url}   (API: ${stage.url}/openapi.json)`);
  output.line(`Simulator   ${stage.simulator.url}/_simulator/log`);
  output.line(`Try         tenantatlas policies --token-file ${stage.tokenFile} \\`);
  output.line(`              --tenant "${stage.tenants[0]?.name}"`);
  output.line('Serving until Ctrl-C; the next demo begins afresh.');
}

async function requireFolder(corpus: string | undefined): Promise<string | undefined> {
  if (corpus === undefined) return undefined;
  const folder = resolve(corpus);
  const facts = await stat(folder).catch(() => null);
  if (facts === null || !facts.isDirectory()) throw new UsageError('--corpus: no such folder');
  return folder;
}
