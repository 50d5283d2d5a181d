import { hasAdmin, makeLink } from '../../access/one-time-links.ts';
import { withOwner } from '../../db/owner-client.ts';
import { DAY, SECOND } from '../../kernel/durations.ts';
import type { ServingApp } from './run-server.ts';

const LIFE_SECONDS = DAY / SECOND;

/**
 * While nobody can administer the installation, each start has a link that lets one person become
 * its first admin; null afterwards.
 */
export function makeFirstLink({ app, publicUrl }: ServingApp): Promise<string | null> {
  return withOwner(app.database.ownerUrl, async (owner) => {
    if (await hasAdmin(owner)) return null;
    const wanted = { purpose: 'set_up', userId: null, lifeSeconds: LIFE_SECONDS } as const;
    const token = await makeLink(owner, wanted);
    return `${publicUrl}/set-up#${token.reveal()}`;
  });
}
