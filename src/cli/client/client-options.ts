import type { Command } from 'commander';
import { z } from 'zod';
import { ApiClient } from './api-client.ts';
import { defaultTokenFile, readTokenFile } from './token-file.ts';

/** What every client of the HTTP API accepts. */
export function addClientOptions(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server, if not the one in the token file')
    .option('--token-file <file>', 'token to use (default ~/.config/tenantatlas/token.json)')
    .option('--json', 'answer as JSON');
}

export const clientOptionsSchema = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be an http address' }).optional(),
  tokenFile: z.string().min(1, 'must name a file').optional(),
  json: z.boolean().default(false),
});

/** @throws UsageError when there is no usable token */
export async function openClient(options: z.infer<typeof clientOptionsSchema>): Promise<ApiClient> {
  const access = await readTokenFile(options.tokenFile ?? defaultTokenFile());
  const url = options.url?.replace(/\/$/, '') ?? access.url;
  return new ApiClient({ url, token: access.token });
}
