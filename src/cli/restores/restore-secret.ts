import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { restoreDetailSchema } from '../../api/restores.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { chooseTenant } from '../client/choose-tenant.ts';
import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readSmallFile } from '../read-small-file.ts';
import { tenantOption } from '../runs/run-options.ts';
import { findSecretPlace } from './find-secret-place.ts';

/** `restore secret`: enters a value that Graph hides; it is asked for where nobody else can see. */
export const restoreSecretCommand = defineCommand({
  describe(command) {
    command
      .argument('<restore>', 'id of the restore')
      .requiredOption('--item <item>', 'name of the item, or the id of its version')
      .option('--place <place>', 'where in it; may be left out when one value is missing')
      .option('--value-file <file>', 'file that holds the value; a line end after it is dropped')
      .option('--value-stdin', 'read the value from standard input')
      .option('--tenant <tenant>', 'name or id; may be left out when there is only one');
    addClientOptions(command);
  },
  options: clientOptionsSchema.extend({
    restore: restoreIdSchema,
    item: z.string().min(1, 'must be a name or an id'),
    place: z.string().optional(),
    valueFile: z.string().min(1, 'must name a file').optional(),
    valueStdin: z.boolean().default(false),
    tenant: tenantOption,
  }),
  async run({ output }, given) {
    const value = await readValue(given);
    const api = await openClient(given);
    const tenant = await chooseTenant(api, given.tenant);
    const path = `/api/tenants/${tenant.id}/restores/${given.restore}`;
    const where = await findSecretPlace(api, path, given);
    const entries = [{ ...where, value }];
    const restore = await api.post(`${path}/secrets`, { entries }, restoreDetailSchema);
    if (given.json) output.json(restore);
    else {
      output.line(
        'Entered, for this restore alone. When all values are entered, preview it again:',
      );
      output.line(`tenantatlas run start restore.plan --input '{"restoreId":"${restore.id}"}'`);
    }
    return EXIT.ok;
  },
});

interface ValueSource {
  readonly valueFile?: string | undefined;
  readonly valueStdin: boolean;
}

/** More does not fit into a request. */
const VALUE_BYTES_MAX = 1_000_000;

async function readValue({ valueFile, valueStdin }: ValueSource): Promise<string> {
  if ((valueFile === undefined) !== valueStdin) {
    throw new UsageError('give the value by exactly one of --value-file, --value-stdin');
  }
  const given =
    valueFile === undefined
      ? await text(process.stdin)
      : await readSmallFile(valueFile, 'value-file', VALUE_BYTES_MAX);
  const value = given.replace(/\r?\n$/, '');
  if (value === '') throw new UsageError('--value-file, --value-stdin: the value is empty');
  return value;
}
