// The pod waits for a Job, a migration or another pod that is gone or never ran.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';

const JOB = signTable([
  {
    who: 'kubectl wait, k8s-wait-for, operators',
    pattern:
      /jobs?(?:\.batch)? "(?<job>[^"]+)" not found|timed out waiting for the condition on jobs?(?:\.batch)?\/(?<job2>[\w.-]+)|error: no matching resources found/i,
  },
  {
    who: 'waits for pods',
    pattern:
      /pods? "(?<job>[^"]+)" not found|timed out waiting for the condition on pods?\/(?<job2>[\w.-]+)|No (?:pods|jobs) found for selector/i,
  },
  {
    who: 'GitLab',
    pattern:
      /Not all services were operational, with data migrations completed|Not all database migrations have been applied/,
  },
  { who: 'Airflow', pattern: /There are still unapplied migrations after \d+ seconds/i },
  {
    who: 'entrypoints that wait for a Job',
    pattern:
      /\bjob(?:\.batch)?[/ ]["']?(?<job2>[\w.-]{1,200}?)["']?(?: \.{3})? (?:not found|does not exist|is gone)\b|(?:job|migration)s? (?!specification)(?<job>[\w.-]+ )?(?:has not (?:completed|finished|run)|did not (?:complete|finish|run)|not (?:yet )?(?:complete|finished|found)|is missing|never ran)|(?:timed out|timeout|gave up) (?:while )?waiting (?:for|on) .{0,40}\b(?:job|migrations?)\b/i,
  },
]);

export default defineRule({
  id: 'dependency-job-missing',
  title: 'It waits for a Job that is not there',
  explains: ['crash-loop', 'not-ready', 'unread'],
  causes: [
    'init-container-waiting',
    'init-script-failed',
    'application-error',
    'dependency-timeout',
    'migration-failed',
  ],
  actions: [],
  commands: [['See whether the Job is there', 'get job {job} -n {namespace}']],
  byHand:
    'Run the Job {job|that it waits for} again, or let {container} ask for its result instead of for the Job itself.',
  judge: (evidence) =>
    fromLog(
      evidence,
      JOB,
      (hit, k) => {
        const job = (hit.groups.job ?? hit.groups.job2)?.trim();
        return {
          summary: `${k.container.name} waits for ${job ? `the Job ${job}` : 'a Job or migration'} that is gone or never ran`,
          detail: details({ job }),
        };
      },
      ['crash-loop', 'not-ready', 'unread'],
    ),
  doc: {
    looksAt: 'the last words of the container that waits',
    means:
      'A Job that prepares something (a migration, a bootstrap) was deleted, expired by its TTL, or never created, and this pod waits for it.',
    fix: 'Run the Job again. Wait for what the Job produces (the schema version), not for the Job.',
    prevention:
      'Do not let ttlSecondsAfterFinished or a hook delete {job|a Job} while pods can still start and ask for it.',
    notThis: 'A migration that ran and failed is migration-failed.',
  },
});
