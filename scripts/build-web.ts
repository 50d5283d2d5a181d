import { join } from 'node:path';
import { buildWeb } from './web/build-web.ts';

/** Builds the web application when its sources are newer than what was built: `web/dist`. */
await buildWeb(join(import.meta.dirname, '..'));
