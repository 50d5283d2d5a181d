import { addClientOptions, clientOptionsSchema, openClient } from '../client/client-options.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { readRunTypes } from './read-run-types.ts';

/** `run types`: every kind of run this server knows, with the right it needs. */
export const runTypesCommand = defineCommand({
  describe(command) {
    addClientOptions(command);
  },
  options: clientOptionsSchema,
  async run({ output }, options) {
    const api = await openClient(options);
    const types = await readRunTypes(api);
    if (options.json) output.json(types);
    else {
      const rows = types.map((type) => [type.name, type.title, type.capability, type.graph]);
      output.table(['Name', 'What', 'Needs', 'Graph'], rows);
    }
    return EXIT.ok;
  },
});
