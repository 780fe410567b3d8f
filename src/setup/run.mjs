// The first file of every npm script: it runs before any dependency exists and on any Node that knows modules.
// Invariant: nothing newer than Node 14 is parsed until the version has been checked.
import { nodeProblem } from './node.mjs';

const problem = nodeProblem(process.versions.node);
if (problem === null) {
  import('./commands.mjs').then((commands) => commands.run(process.argv.slice(2)));
} else {
  console.error(`loopbreaker: ${problem}`);
  process.exitCode = 1;
}
