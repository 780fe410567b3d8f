// Which Node versions Loopbreaker runs on. Written so that an old Node can still read it.

/**
 * @param {string} version as in process.versions.node, for example "20.19.0"
 * @returns {string | null} one sentence with the cure, or null where the version is new enough
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return null;
  return `this is Node ${version}, and Loopbreaker needs 20.19 or newer: install Node 24 from https://nodejs.org, then run the same command again.`;
}
