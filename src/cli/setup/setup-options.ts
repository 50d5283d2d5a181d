import type { Command } from 'commander';
import { z } from 'zod';

/** What every set-up command accepts: where the database is, and how to answer. */
export function addSetupOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data folder of the embedded database')
    .option('--json', 'answer as JSON');
}

export const setupOptionsSchema = z.object({
  data: z.string().min(1, 'must name a folder').optional(),
  json: z.boolean().default(false),
});
