// The command line as a whole process, as a user starts it.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RECORDINGS } from '../support/recordings.ts';
import { atMost, type Bench, median, timed } from './result.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

export const cli: Bench = {
  names: ['cli.recording.ms'],
  run: async () => {
    const diagnose = () =>
      run(
        'npm',
        ['run', '-s', 'loopbreaker', '--', 'diagnose', '--recording', `${RECORDINGS}oom-startup-python`, '--json'],
        { cwd: root },
      );
    await diagnose();
    const times: number[] = [];
    for (let i = 0; i < 7; i++) times.push(await timed(diagnose));
    return [atMost('cli.recording.ms', median(times), 'ms', 400)];
  },
};
