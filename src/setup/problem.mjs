// A problem is an error whose message is meant for the person at the terminal: one sentence with the cure.
// Every other error is a defect and keeps its stack.

/**
 * @param {string} sentence
 * @param {number} [exitCode]
 * @returns {Error & { exitCode: number }}
 */
export function problem(sentence, exitCode = 1) {
  return Object.assign(new Error(sentence), { exitCode });
}

/**
 * @param {unknown} error
 * @returns {error is Error & { exitCode: number }}
 */
export function isProblem(error) {
  return error instanceof Error && 'exitCode' in error;
}
