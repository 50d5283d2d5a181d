import { z } from 'zod';
import { type RestoreReference, restoreReferenceSchema } from '../../api/restore-mapping.ts';
import { restoreDetailSchema } from '../../api/restores.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../output.ts';
import { tenantOption } from '../runs/run-options.ts';
import { mappingFile } from './mapping-file.ts';

/** `restore mapping`: a file for `restore plan --map`, as far as it can be filled in by itself. */
export const restoreMappingCommand = defineCommand({
  describe(command) {
    command
      .argument('<restore>', 'id of a restore that was previewed')
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one')
      .option('--unmapped', 'only what has no counterpart in the tenant');
    addClientOptions(command);
    command.addHelpText(
      'after',
      '\nWrite it to a file, fill in the ids, and preview again with --map FILE:\n' +
        '  tenantatlas restore mapping ID --unmapped > map.json',
    );
  },
  options: clientOptionsSchema.extend({
    restore: restoreIdSchema,
    tenant: tenantOption,
    unmapped: z.boolean().default(false),
  }),
  async run({ output }, { restore: id, tenant: named, unmapped, ...options }) {
    const api = await openClient(options);
    const tenant = await chooseTenant(api, named);
    const path = `/api/tenants/${tenant.id}/restores/${id}`;
    const { links } = await api.get(path, restoreDetailSchema);
    const found = await Array.fromAsync(api.list(links.mapping, restoreReferenceSchema));
    const references = unmapped ? found.filter(isUnmapped) : found;
    if (options.json) output.json(references);
    else for (const line of linesOf(references)) output.line(printable(line));
    return EXIT.ok;
  },
});

function isUnmapped({ how, mappedTo }: RestoreReference): boolean {
  return how === 'nothing' || (how === 'by_hand' && mappedTo === null);
}

function linesOf(references: readonly RestoreReference[]): string[] {
  return JSON.stringify(mappingFile(references), null, 2).split('\n');
}
