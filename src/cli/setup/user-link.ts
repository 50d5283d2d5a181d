import { z } from 'zod';
import { makeLink } from '../../access/one-time-links.ts';
import { findUserByName } from '../../access/users.ts';
import type { Config } from '../../app/config.ts';
import { HOUR, SECOND } from '../../kernel/durations.ts';
import { plainText } from '../../kernel/plain-text.ts';
import type { Secret } from '../../kernel/secret.ts';
import { defineCommand, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addSetupOptions, setupOptionsSchema } from './setup-options.ts';
import { withSetup } from './with-setup.ts';

const LIFE_SECONDS = (72 * HOUR) / SECOND;

/** `user link NAME`: a link that works once, to choose a password; an old one ends with it. */
export const userLinkCommand = defineCommand({
  describe(command) {
    command.argument('<name>', 'whose password is to be chosen');
    addSetupOptions(command);
  },
  options: setupOptionsSchema.extend({ name: plainText(200), json: z.boolean().default(false) }),
  async run({ output }, { name, data, json }) {
    const link = await withSetup(data, async ({ owner, config }) => {
      const user = await findUserByName(owner, name);
      if (user.isDisabled) throw new UsageError('<name>: is disabled');
      const wanted = { purpose: 'password', userId: user.id, lifeSeconds: LIFE_SECONDS } as const;
      return linkTo(config, '/set-up', await makeLink(owner, wanted));
    });
    if (json) output.json({ link });
    else {
      output.line(link);
      output.line('It works once, for three days. Give it to nobody else.');
    }
    return EXIT.ok;
  },
});

/** The token travels behind the `#`, which browsers keep to themselves. */
export function linkTo(config: Config, path: string, token: Secret<string>): string {
  const { publicUrl } = config.http;
  const origin = publicUrl?.origin ?? `http://127.0.0.1:${config.port}`;
  return `${origin}${path}#${token.reveal()}`;
}
