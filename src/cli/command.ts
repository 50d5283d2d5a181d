import type { Command } from 'commander';
import { z } from 'zod';
import type { App } from '../app/create-app.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

/** What a command is given besides its options. */
export interface Cli {
  readonly output: Output;
  /** Fires when somebody asks us to stop: Ctrl-C, a supervisor, a closed terminal. */
  readonly stop: AbortSignal;
  readonly parts: CliParts;
}

/** What `bin/` puts together and the CLI cannot reach by itself. */
export interface CliParts {
  /** The file that starts this program, for processes of our own. */
  readonly cliFile: string;
  /** The Graph simulator's main file: another program, never imported. */
  readonly simulatorFile: string;
  startServer(app: App, port: number): Promise<RunningServer>;
}

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** What links for people begin with. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/** One command: how it is described, what it accepts, what it does. */
export interface CommandFile {
  describe(command: Command): void;
  run(cli: Cli, given: Given): Promise<ExitCode>;
}

/** Options and arguments by name, as plain outside data. */
export interface Given {
  readonly values: object;
  /** Which of them are arguments: they are named in another way. */
  readonly argumentNames: readonly string[];
}

interface Definition<Schema extends z.ZodType> {
  describe(command: Command): void;
  readonly options: Schema;
  run(cli: Cli, options: z.infer<Schema>): Promise<ExitCode>;
}

/** Ties a command's options to their schema: a misfit is a usage error that names the option. */
export function defineCommand<Schema extends z.ZodType>(
  definition: Definition<Schema>,
): CommandFile {
  return {
    describe: definition.describe,
    run: (cli, given) => {
      const parsed = definition.options.safeParse(given.values);
      if (!parsed.success) throw usageErrorFrom(parsed.error, given.argumentNames);
      return definition.run(cli, parsed.data);
    },
  };
}

/** Asked for in a way that cannot be understood; the message names the option. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

function usageErrorFrom(error: z.ZodError, argumentNames: readonly string[]): UsageError {
  const [issue] = error.issues;
  const name = String(issue?.path[0] ?? '');
  const shown = argumentNames.includes(name) ? `<${name}>` : `--${kebab(name)}`;
  return new UsageError(`${shown}: ${issue?.message ?? 'not valid'}`);
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A comma-separated list. */
export const listSchema = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const portSchema = z.coerce
  .number('must be a port from 0 to 65535')
  .int('must be a port from 0 to 65535')
  .min(0, 'must be a port from 0 to 65535')
  .max(65_535, 'must be a port from 0 to 65535');

export const limitSchema = z.coerce
  .number('must be a whole number from 1 to 100000')
  .int('must be a whole number from 1 to 100000')
  .min(1, 'must be a whole number from 1 to 100000')
  .max(100_000, 'must be a whole number from 1 to 100000');
