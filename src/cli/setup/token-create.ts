import { z } from 'zod';
import { createToken } from '../../access/tokens.ts';
import { findUserByName } from '../../access/users.ts';
import { inOwnerTransaction } from '../../db/owner-client.ts';
import { allCapabilities, defaultTokenScopes } from '../../kernel/capabilities.ts';
import { systemClock } from '../../kernel/clock.ts';
import { DAY, HOUR } from '../../kernel/durations.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { defaultTokenFile, writeTokenFile } from '../client/token-file.ts';
import { defineCommand, listSchema, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findTenant } from './find-tenant.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

/** Longer than a year is a password that nobody remembers. */
const LIFE_MAX_MS = 366 * DAY;

/** `token create`: lets a program act as a user. Its text is kept in a file. */
export const tokenCreateCommand = defineCommand({
  describe(command) {
    command
      .requiredOption('--user <user>', 'whose rights it has at most')
      .option('--name <name>', 'to recognise it by', 'command line')
      .option(
        '--scopes <scopes>',
        'what it may do at most, separated by commas (default: all that write to no tenant)',
      )
      .option('--tenants <tenants>', "where, by name or id (default: all of the user's)")
      .option('--expires <time>', 'how long it lives: 12h, 30d', '90d')
      .option('--url <url>', 'address of the server it is for', 'http://127.0.0.1:7420')
      .option('--file <file>', 'where to keep it (default ~/.config/tenantatlas/token.json)')
      .option('--force', 'replace a file that is there')
      .option('--show', 'print the token as well');
    addSetupOptions(command);
    command.addHelpText('after', `\nScopes:\n  ${allCapabilities().join('\n  ')}`);
  },
  options: setupOptionsSchema.extend({
    user: plainText(200),
    name: plainText(200),
    scopes: listSchema
      .pipe(z.array(z.enum(allCapabilities(), 'names an unknown scope; --help lists them')).min(1))
      .optional(),
    tenants: listSchema.optional(),
    expires: z.string().transform(parseLife),
    url: z.url({ protocol: /^https?$/, error: 'must be an http address' }),
    file: z.string().min(1, 'must name a file').optional(),
    force: z.boolean().default(false),
    show: z.boolean().default(false),
  }),
  async run({ output }, options) {
    const { user, name, file = defaultTokenFile() } = options;
    const expiresAt = new Date(systemClock.now().getTime() + options.expires);
    const { id, text } = await withSetup(options.data, async (setup) => {
      const { id: userId, isDisabled } = await findUserByName(setup.owner, user);
      if (isDisabled) throw new UsageError('--user: is disabled');
      const tenantIds: TenantId[] | null = options.tenants === undefined ? null : [];
      for (const tenant of options.tenants ?? []) tenantIds?.push(await findTenant(setup, tenant));
      const scopes = options.scopes ?? defaultTokenScopes();
      // One deed: a token whose text could not be kept is none.
      return inOwnerTransaction(setup.owner, async () => {
        const token = { userId, name, scopes, tenantIds, expiresAt };
        const made = await createToken(setup.owner, token);
        await writeTokenFile(file, { url: options.url, token: made.text }, options.force);
        return made;
      });
    });
    const shown = options.show ? { token: text.reveal() } : {};
    if (options.json) output.json({ id, file, expiresAt, ...shown });
    else {
      output.line(
        `Token written to ${file} (only you can read it); it expires ${expiresAt.toISOString()}.`,
      );
      output.line(`To take it back: tenantatlas token revoke ${id}`);
      if (options.show) output.line(text.reveal());
    }
    return EXIT.ok;
  },
});

function parseLife(text: string, context: z.RefinementCtx): number {
  const [, amount = '', unit] = /^(\d{1,4})([hd])$/.exec(text) ?? [];
  const lifeMs = Number(amount) * (unit === 'h' ? HOUR : DAY);
  if (unit === undefined || lifeMs === 0 || lifeMs > LIFE_MAX_MS) {
    context.addIssue('must be a time such as 12h or 30d, a year at most');
    return z.NEVER;
  }
  return lifeMs;
}
