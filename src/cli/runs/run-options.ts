import type { Command } from 'commander';
import { z } from 'zod';

/** What every command that starts a run accepts. */
export function addRunOptions(command: Command): Command {
  return command
    .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
    .option('--no-wait', 'start it and return at once');
}

export const tenantOption = z.string().min(1, 'must be a name or an id').optional();
export const runOptionsShape = { tenant: tenantOption, wait: z.boolean().default(true) };
