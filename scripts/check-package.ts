import { join } from 'node:path';
import { buildPackage } from './package/build-package.ts';
import { tryPackage } from './package/try-package.ts';

/** Proves that what is published runs: build, pack, install in an empty folder, run the demo. */
const root = join(import.meta.dirname, '..');
try {
  await buildPackage(root);
  await tryPackage(root);
  process.stdout.write('ok      package\n');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${reason}\nfailed  package\n`);
  process.exitCode = 1;
}
