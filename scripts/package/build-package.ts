import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../programs/run-program.ts';
import { buildWeb } from '../web/build-web.ts';

/**
 * Emits `dist/` from a checkout: JavaScript for Node, which does not strip types inside
 * node_modules, and beside it the migrations and the web application.
 */
export async function buildPackage(root: string): Promise<void> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--project', 'tsconfig.build.json'];
  const { exitCode, output } = await runProgram(process.execPath, args, { cwd: root });
  if (exitCode !== 0) throw new Error(`tsc failed:\n${output}`);
  await cp(join(root, 'migrations'), join(dist, 'migrations'), { recursive: true });
  await buildWeb(root);
  await cp(join(root, 'web/dist'), join(dist, 'web'), { recursive: true });
  await addShebang(join(dist, 'src/bin/cli.js'));
}

/** npm links the command as it is: the system reads from its first line who runs it. */
async function addShebang(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${text}`);
}
