// What every bot under test is told: where its Redis, its cluster and its Slack are. A test adds what it is about.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Cluster } from '../../src/demo/cluster/cluster.ts';
import { KEY } from './audited.ts';

/** Of the app, as the Slack double is started with them. */
export const SLACK_SECRETS = { botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'test-signing-secret' };

interface Surroundings {
  /** Exists, and is emptied by whoever made it. */
  folder: string;
  redisUrl: string;
  cluster: Pick<Cluster, 'kubeconfigFile'>;
  slack: { apiUrl: string };
  /** The text of a policy file. */
  policy?: string | undefined;
}

export type BotSettings = { [name: string]: string } & { KUBECONFIG: string };

export async function botSettings({ folder, redisUrl, cluster, slack, policy }: Surroundings): Promise<BotSettings> {
  const [kubeconfig, policyFile] = [join(folder, 'kubeconfig.yaml'), join(folder, 'policy.yaml')];
  await writeFile(kubeconfig, stringify(cluster.kubeconfigFile), { mode: 0o600 });
  if (policy) await writeFile(policyFile, policy);
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    REDIS_URL: redisUrl,
    KUBECONFIG: kubeconfig,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: SLACK_SECRETS.botToken,
    SLACK_APP_TOKEN: SLACK_SECRETS.appToken,
    LOOPBREAKER_CLUSTERS: 'prod=context:worker',
    ...(policy ? { LOOPBREAKER_POLICY: policyFile } : {}),
    LOOPBREAKER_APPROVAL_KEY: KEY,
    LOOPBREAKER_STEADY_SECONDS: '2',
    LOOPBREAKER_LOG_LEVEL: 'error',
  };
}
