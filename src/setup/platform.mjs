// What kind of machine this is, and how its user installs a Redis.
import { readFileSync } from 'node:fs';

/**
 * @param {NodeJS.Platform} platform
 * @param {Record<string, string>} release the entries of /etc/os-release
 * @returns {string} one clause: what to install here
 */
export function installAdvice(platform, release) {
  const family = `${release.ID ?? ''} ${release.ID_LIKE ?? ''}`;
  if (platform === 'darwin') return 'install it with "brew install redis".';
  if (platform === 'win32')
    return 'run Loopbreaker inside WSL, and install it there with "sudo apt-get install redis-server".';
  if (/debian|ubuntu/.test(family)) return 'install it with "sudo apt-get install redis-server".';
  if (/fedora|rhel|centos/.test(family)) return 'install it with "sudo dnf install valkey".';
  if (/alpine/.test(family)) return 'install it with "apk add valkey".';
  if (/arch/.test(family)) return 'install it with "sudo pacman -S valkey".';
  if (/suse/.test(family)) return 'install it with "sudo zypper install valkey".';
  return 'install Redis 6.2 or Valkey 8 or newer, or set REDIS_URL to a Redis of yours.';
}

/** @returns {Record<string, string>} */
export function osRelease() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
    return Object.fromEntries(lines.map((line) => line.split('=', 2).map((part) => part.replaceAll('"', ''))));
  } catch {
    return {};
  }
}
