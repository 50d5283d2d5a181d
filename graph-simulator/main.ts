import { Command, InvalidArgumentError, Option } from 'commander';
import { reportLines } from './corpus/report-lines.ts';
import { startSimulator } from './server.ts';
import { LIMIT_PROFILES, type LimitProfile } from './throttle/limits.ts';

interface Flags {
  readonly port: number;
  readonly corpus?: string;
  readonly seed: number;
  readonly tenants: number;
  readonly empty: number;
  readonly policies?: number;
  readonly latency: number;
  readonly limits: LimitProfile;
  readonly auth: 'on' | 'any';
}

const program = new Command('simulator')
  .description('A Microsoft Graph that is none: nothing here talks to Microsoft.')
  .option('--port <n>', '0 = any free port', wholeNumber, 0)
  .option('--corpus <dir>', 'folder of exported policies that the first tenant holds')
  .option('--seed <n>', 'everything made up follows from it', wholeNumber, 1)
  .option('--tenants <n>', 'how many tenants', wholeNumber, 3)
  .option('--empty <n>', 'how many more that hold groups and no policy yet', wholeNumber, 0)
  .option('--policies <n>', 'settings catalog policies added to the first tenant', wholeNumber)
  .option('--latency <ms>', 'added to each answer', wholeNumber, 0)
  .addOption(new Option('--limits <profile>').choices(LIMIT_PROFILES).default('documented'))
  .addOption(new Option('--auth <mode>').choices(['on', 'any']).default('on'))
  .parse();

const flags = program.opts<Flags>();
const { latency: latencyMs, ...options } = flags;
const running = await startSimulator({ ...options, latencyMs }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
print(`listening on ${running.url}`);
for (const line of reportLines(running.simulator.corpus)) print(line);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    running.close().then(() => process.exit(0));
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
