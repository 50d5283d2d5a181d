import { chmod, chown, mkdir, readdir, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { fileFailure } from './file-failure.ts';
import { chooseServerUser, type ServerUser } from './server-user.ts';

/** The folders of one embedded server. */
export interface DataPlace {
  /** Ours: passwords, lock and log. */
  readonly folder: string;
  /** The server's: PostgreSQL's own data. */
  readonly cluster: string;
  /** The server's: private, holds the Unix socket. */
  readonly socketFolder: string;
  readonly log: string;
  readonly user: ServerUser;
}

/** Makes the folders with the rights that both we and the server's user need. */
export async function prepareDataPlace(dataFolder: string): Promise<DataPlace> {
  try {
    return await makeFolders(resolve(dataFolder));
  } catch (error) {
    throw fileFailure(error, dataFolder);
  }
}

async function makeFolders(wanted: string): Promise<DataPlace> {
  const firstMade = await mkdir(wanted, { recursive: true, mode: 0o700 });
  const folder = await realpath(wanted);
  await setRights(folder, foldersBetween(firstMade, wanted));
  const cluster = join(folder, 'pg');
  const socketFolder = join(folder, 'run');
  const user = await chooseServerUser(cluster);
  await mkdir(socketFolder, { recursive: true });
  await chmod(socketFolder, 0o700);
  if (user.isDropped) await chown(socketFolder, user.uid, user.gid);
  if (!(await isReachable(folder, user))) {
    throw new AppError('embedded.data_unusable', { folder, reason: 'inside_private_folder' });
  }
  return { folder, cluster, socketFolder, log: join(folder, 'postgres.log'), user };
}

/** Opens what we made and what is ours; a folder that holds other things keeps its rights. */
async function setRights(folder: string, made: readonly string[]): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  const { uid, mode } = await stat(folder);
  if (uid !== process.getuid?.()) {
    if (!isRoot) throw new AppError('embedded.data_unusable', { folder, reason: 'owned_by_other' });
  } else if (made.length > 0 || (await isOurs(folder))) {
    // As root the server's user must pass through; what is private in here has its own rights.
    for (const ours of [...made, folder]) await chmod(ours, isRoot ? 0o711 : 0o700);
    return;
  }
  if ((mode & 0o002) !== 0) {
    // A shared place, /tmp for one: others could put their files where ours are expected.
    throw new AppError('embedded.data_unusable', { folder, reason: 'writable_by_others' });
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.length === 0 || names.includes('passwords.json');
}

function foldersBetween(first: string | undefined, last: string): string[] {
  if (first === undefined) return [];
  const found = [last];
  for (let at = last; at !== first && at !== dirname(at); at = dirname(at)) found.push(dirname(at));
  return found;
}

/** Whether the user may pass through the folder and all above it (by mode bits; no ACLs). */
export async function isReachable(folder: string, user: ServerUser): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    if (((mode >> shift) & 0o1) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** Removes what a killed first start left half done; call it under the start lock. */
export async function removeLeftovers(place: DataPlace): Promise<void> {
  for (const name of await readdir(place.folder)) {
    if (name.startsWith('making-')) {
      await rm(join(place.folder, name), { recursive: true, force: true });
    }
  }
}
