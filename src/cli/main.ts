import { Command, CommanderError } from 'commander';
import { readEnvironment } from '../app/config.ts';
import { createLog } from '../app/log.ts';
import { systemClock } from '../kernel/clock.ts';
import { SECOND } from '../kernel/durations.ts';
import type { Cli, CliParts, Given } from './command.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createOutput, type Output } from './output.ts';
import { exitCodeOf, hasWords, printFailure } from './print-failure.ts';

/** Runs one command line (without the program's own name) and says how it ended. */
export async function runCli(
  args: readonly string[],
  parts: CliParts,
  output: Output = createOutput(),
): Promise<ExitCode> {
  const stop = new AbortController();
  const cli: Cli = { output, parts, stop: stop.signal };
  const forget = onStopSignals(() => stop.abort());
  try {
    return await callCommand(cli, args);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    printFailure(output, error);
    logUnexpected(error);
    return exitCodeOf(error);
  } finally {
    forget();
  }
}

/** What has no code is told to whoever asked for it, by its place. */
function logUnexpected(error: unknown): void {
  if (hasWords(error) || readEnvironment()['TENANTATLAS_LOG_LEVEL'] !== 'debug') return;
  createLog({ level: 'debug', part: 'cli' }).debug('command failed', { error });
}

async function callCommand(cli: Cli, args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = new Command('tenantatlas')
    .description('Keeps the Microsoft Intune and Entra configuration of customer tenants safe.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.output.line(text.trimEnd()),
      writeErr: (text) => cli.output.note(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for what there is)')
    .helpCommand(false);
  const groups = new Map<string, Command>();
  for (const entry of COMMANDS) {
    const command = addCommand(program, groups, entry);
    if (!isCalled(entry, args)) continue;
    const file = await entry.load();
    file.describe(command);
    command.action(async () => {
      exitCode = await file.run(cli, givenTo(command));
    });
  }
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync([...args], { from: 'user' });
  return exitCode;
}

function addCommand(program: Command, groups: Map<string, Command>, entry: CommandEntry): Command {
  const words = entry.name.split(' ');
  const name = words.at(-1) ?? entry.name;
  const parent = words.length === 1 ? program : groupOf(program, groups, words[0] ?? '');
  return parent.command(name).description(entry.summary).allowExcessArguments(false);
}

function groupOf(program: Command, groups: Map<string, Command>, name: string): Command {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const summaries = COMMANDS.filter((entry) => entry.name.startsWith(`${name} `));
  const words = summaries.map((entry) => entry.name.split(' ')[1]).join(', ');
  const group = program.command(name).description(words).helpCommand(false);
  groups.set(name, group);
  return group;
}

function isCalled(entry: CommandEntry, args: readonly string[]): boolean {
  return entry.name.split(' ').every((word, at) => args[at] === word);
}

function givenTo(command: Command): Given {
  const names = command.registeredArguments.map((argument) => argument.name());
  const named = names.map((name, at) => [name, command.processedArgs[at]]);
  return { values: { ...command.opts(), ...Object.fromEntries(named) }, argumentNames: names };
}

/**
 * The first signal asks to stop in order; the second means at once. A process of ours whose parent
 * is gone, even by kill -9, hears of it by its broken channel.
 */
function onStopSignals(stop: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let askedAtMs: number | null = null;
  const onSignal = (): void => {
    const nowMs = systemClock.monotonicMs();
    // One Ctrl-C may come twice: from the terminal, and from npm or a watcher above us.
    if (askedAtMs !== null && nowMs - askedAtMs > SECOND) process.exit(EXIT_AT_ONCE);
    askedAtMs ??= nowMs;
    stop();
  };
  for (const signal of signals) process.on(signal, onSignal);
  if (process.connected) process.once('disconnect', stop);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('disconnect', stop);
  };
}

/** 128 + SIGINT, as shells count. */
const EXIT_AT_ONCE = 130;
