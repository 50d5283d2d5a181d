import { join } from 'node:path';
import { buildPackage } from './package/build-package.ts';

/** `npm run build`. */
await buildPackage(join(import.meta.dirname, '..'));
process.stderr.write('built dist/\n');
