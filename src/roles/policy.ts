// The policy while a role runs: read again when its file changes or on SIGHUP, and every change is in the log.

import { followPolicy, type LivePolicy } from '../config/policy.ts';
import type { Config } from '../config.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Log } from './log.ts';

export function startPolicy(
  { policy, policySource }: Pick<Config, 'policy' | 'policySource'>,
  log: Log,
  onChange: (policy: Policy) => void = () => {},
): LivePolicy {
  log.info({ policy: policy.hash, rules: policy.approve.length, remediation: policy.remediation }, 'policy in force');
  const live = followPolicy(policySource, policy, {
    changed: (after, before) => {
      onChange(after);
      log.warn(
        { policy: after.hash, before: before.hash, rules: after.approve.length, remediation: after.remediation },
        'the policy was changed and is in force now',
      );
    },
    refused: (problems) =>
      log.error({ problems }, 'the changed policy does not hold, so the one before stays in force: correct the file'),
  });
  process.on('SIGHUP', live.reload);
  return {
    ...live,
    close: () => {
      process.off('SIGHUP', live.reload);
      live.close();
    },
  };
}
