import { type Config, loadConfig } from '../../app/config.ts';
import { createLog } from '../../app/log.ts';
import { type OpenDatabase, reachDatabase } from '../../app/open-database.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { addSetupOptions, setupOptionsSchema } from '../setup/setup-options.ts';
import { CHECKS, type Finding, findingOf, type Patient } from './checks.ts';

/** `doctor`: looks whether everything needed is in order; changes nothing. */
export const doctorCommand = defineCommand({
  describe(command) {
    addSetupOptions(command);
  },
  options: setupOptionsSchema,
  async run({ output }, { data, json }) {
    const config = loadConfig({ dataFolder: data });
    const patient = await examine(config);
    const results: (Finding & { name: string; ok: boolean })[] = [];
    for (const check of CHECKS) {
      const finding = await check.look(patient).catch(findingOf);
      const result = { name: check.name, ok: finding.fix === null, ...finding };
      results.push(result);
      if (!json) printResult(output, result);
    }
    await patient.database?.close();
    const ok = results.every((result) => result.ok);
    if (json) output.json({ ok, checks: results });
    return ok ? EXIT.ok : EXIT.someFailed;
  },
});

async function examine(config: Config): Promise<Patient> {
  const log = createLog({ level: 'silent', part: 'doctor' });
  let database: OpenDatabase | null = null;
  let databaseFailure: unknown = null;
  try {
    database = await reachDatabase(config.database, log);
  } catch (error) {
    databaseFailure = error;
  }
  return { config, database, databaseFailure, nodeVersion: process.versions.node };
}

function printResult(output: Output, result: Finding & { name: string; ok: boolean }): void {
  const mark = result.ok ? output.style('green', 'ok     ') : output.style('red', 'mend it');
  output.line(`${mark}  ${result.name}: ${result.found}`);
  if (result.fix !== null) output.line(`         ${result.fix}`);
}
