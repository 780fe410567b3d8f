// Every setting once: what it means, where to get it, its default. `.env.example` is generated from this.

export interface Setting {
  group: 'Redis' | 'Slack' | 'Clusters' | 'Who may do what' | 'Remedies' | 'Alerts' | 'Other';
  meaning: string;
  where: string;
  default: string;
  /** Shown commented out in .env.example. */
  optional: boolean;
}

const setting = (
  group: Setting['group'],
  meaning: string,
  where: string,
  fallback = '',
  optional = fallback !== '',
): Setting => ({
  group,
  meaning,
  where,
  default: fallback,
  optional,
});

export const SETTINGS = {
  REDIS_URL: setting(
    'Redis',
    'Redis 6.2 or newer, with maxmemory-policy noeviction and AOF.',
    'Take it from your Redis: redis://[[USER]:PASSWORD@]HOST:PORT, rediss:// for TLS; docs/redis.md says what it must be and may do.',
  ),
  LOOPBREAKER_REDIS_CA: setting(
    'Redis',
    'Path of the authority that signed the certificate of Redis (and of its Sentinels), in PEM.',
    'Whoever runs Redis has it. Empty means the authorities that Node knows.',
    '',
    true,
  ),
  LOOPBREAKER_REDIS_CERT: setting(
    'Redis',
    'Path of the certificate that Redis wants of its clients, in PEM.',
    'Needed where Redis has tls-auth-clients yes, its default.',
    '',
    true,
  ),
  LOOPBREAKER_REDIS_KEY: setting('Redis', 'Path of the key of that certificate, in PEM.', 'Made with it.', '', true),
  LOOPBREAKER_REDIS_SERVERNAME: setting(
    'Redis',
    'Name in the certificate of Redis, where it is not the host of REDIS_URL.',
    'openssl x509 -noout -ext subjectAltName -in CERTIFICATE shows it.',
    '',
    true,
  ),
  LOOPBREAKER_REDIS_SENTINELS: setting(
    'Redis',
    'Sentinels that know who is master: HOST:PORT, separated by commas. The host of REDIS_URL is then the name that they have for it, without a port.',
    'sentinel monitor NAME … in their configuration; REDIS_URL=redis://:PASSWORD@NAME.',
    '',
    true,
  ),
  LOOPBREAKER_REDIS_SENTINEL_PASSWORD: setting(
    'Redis',
    'Password of the Sentinels themselves.',
    'Their requirepass. Empty where they ask for none.',
    '',
    true,
  ),

  LOOPBREAKER_SLACK_MODE: setting(
    'Slack',
    'How Slack reaches the bot: socket (no public address) or http.',
    'Choose socket unless your Slack app has a request URL.',
    'socket',
  ),
  SLACK_BOT_TOKEN: setting(
    'Slack',
    'Bot token of the installed app.',
    'Slack app → OAuth & Permissions → Bot User OAuth Token (xoxb-…).',
  ),
  SLACK_APP_TOKEN: setting(
    'Slack',
    'App-level token, for socket mode.',
    'Slack app → Basic Information → App-Level Tokens, with connections:write (xapp-…).',
  ),
  SLACK_SIGNING_SECRET: setting(
    'Slack',
    'Signing secret, for http mode.',
    'Slack app → Basic Information → Signing Secret.',
    '',
    true,
  ),
  LOOPBREAKER_SLACK_HOST: setting(
    'Slack',
    'Address that the http mode listens on.',
    'Leave the default in a container.',
    '0.0.0.0',
  ),
  LOOPBREAKER_SLACK_PORT: setting(
    'Slack',
    'Port that the http mode listens on.',
    'Any free port; your ingress points at it.',
    '3000',
  ),
  SLACK_API_URL: setting(
    'Slack',
    'Address of the Slack Web API.',
    'Change it only for a test double or a GovSlack workspace.',
    'https://slack.com/api/',
  ),

  LOOPBREAKER_CLUSTERS: setting(
    'Clusters',
    'Clusters by alias: ALIAS=in-cluster or ALIAS=context:KUBECONFIG_CONTEXT, separated by commas.',
    'Contexts: kubectl config get-contexts. Slack users type the alias.',
  ),
  KUBECONFIG: setting(
    'Clusters',
    'Kubeconfig files for the contexts above, as kubectl reads it.',
    'Empty means ~/.kube/config. Not needed for in-cluster.',
    '',
    true,
  ),
  LOOPBREAKER_SECRET_KEY_NAMES: setting(
    'Clusters',
    'Secrets (NAMESPACE/NAME, commas) whose key names may be read; values never are. Needs an RBAC rule of its own.',
    'Leave empty unless a card says that a Secret key could not be checked.',
    '',
    true,
  ),

  LOOPBREAKER_READ: setting(
    'Who may do what',
    'Who may read what: CHANNEL=CLUSTER/NAMESPACE,… or CHANNEL@USER=…, separated by semicolons; * is every namespace. Nothing is allowed by default.',
    'Channel id: channel name → View channel details → bottom of the window.',
  ),
  LOOPBREAKER_APPROVERS: setting(
    'Who may do what',
    'Slack user ids that may approve any change, each alone, separated by commas. Empty means nobody.',
    'User id: profile → ⋮ → Copy member ID.',
    '',
    true,
  ),
  LOOPBREAKER_POLICY: setting(
    'Who may do what',
    'Path of a policy file, which then says everything that the two settings above say, and more: rules per cluster, namespace, label, action and risk.',
    'Begin with deploy/policy.example.yaml; docs/policy.md explains it.',
    '',
    true,
  ),
  LOOPBREAKER_APPROVAL_KEY: setting(
    'Who may do what',
    'Key with which the gateway seals approvals and the worker proves them; the same for both, and never in Redis. Needed as soon as somebody may approve. Several, separated by commas: the first seals, all prove.',
    'Make one: openssl rand -hex 32. Both roles started by one process make one by themselves.',
    '',
    true,
  ),

  LOOPBREAKER_REMEDIATION: setting('Remedies', 'Kill switch: off refuses every write.', 'on or off.', 'on'),
  LOOPBREAKER_APPROVAL_SECONDS: setting(
    'Remedies',
    'How long a plan waits for its approval.',
    'Seconds, 60 to 86400.',
    '900',
  ),
  LOOPBREAKER_STEADY_SECONDS: setting(
    'Remedies',
    'At least so long, and as long as earlier runs lived, must a fix be steady before it counts as recovered. Empty: three times the observed time to crash and 30 s, at least 60 s, at most 10 min.',
    'Leave empty in production.',
    '',
    true,
  ),
  LOOPBREAKER_MEMORY_FACTOR_MAX: setting(
    'Remedies',
    'Largest factor by which one plan may raise a memory limit.',
    'A number from 1.5 to 16.',
    '4',
  ),
  LOOPBREAKER_MEMORY_MAX: setting('Remedies', 'Absolute ceiling for one container.', 'A quantity such as 8Gi.', '8Gi'),

  LOOPBREAKER_DEBUG_IMAGE: setting(
    'Remedies',
    'Image with a static busybox, pinned by its digest: it lends a shell to the sleeping copy of an image that has none.',
    'For example busybox:1.37.0-musl@sha256:…; its digest: docker buildx imagetools inspect busybox:1.37.0-musl',
    '',
    true,
  ),

  LOOPBREAKER_EPHEMERAL_CONTAINERS: setting(
    'Remedies',
    'Whether a container from that image may join a live pod to look into it. It cannot be taken out again.',
    'on or off.',
    'off',
  ),

  LOOPBREAKER_WEBHOOK_PORT: setting(
    'Alerts',
    'Port for alert webhooks. Empty: no webhook.',
    'For example 8080.',
    '',
    true,
  ),
  LOOPBREAKER_WEBHOOK_HOST: setting(
    'Alerts',
    'Address that the webhook listens on.',
    'Leave the default in a container.',
    '0.0.0.0',
  ),
  LOOPBREAKER_WEBHOOK_TOKEN: setting(
    'Alerts',
    'Token of whoever sends alerts: a bearer token for Alertmanager, Grafana and PagerDuty, the last segment of the address for Azure Monitor.',
    'Make one: openssl rand -hex 32. The receiver example in deploy/ shows where it goes.',
    '',
    true,
  ),
  LOOPBREAKER_SENDERS: setting(
    'Alerts',
    'Path of a senders file in place of the token: several senders, each with its own proof, and formats of your own.',
    'docs/alerts.md explains it; the file holds secrets, so mount it as one.',
    '',
    true,
  ),
  LOOPBREAKER_ALERT_CHANNEL: setting(
    'Alerts',
    'Channel id that alerts are posted to.',
    'Channel name → View channel details → bottom of the window.',
    '',
    true,
  ),
  LOOPBREAKER_ALERT_CLUSTER: setting(
    'Alerts',
    'Alias that an alert means when it has no label "cluster".',
    'One of LOOPBREAKER_CLUSTERS; empty means the first.',
    '',
    true,
  ),
  LOOPBREAKER_ALERT_CLUSTER_NAMES: setting(
    'Alerts',
    'What alerts call a cluster, where that is not its alias: NAME=ALIAS, separated by commas. An alert that names an unknown cluster is declined.',
    'NAME is the value of the label "cluster" in the alert, such as the external label of its Prometheus.',
    '',
    true,
  ),

  LOOPBREAKER_WATCH: setting(
    'Alerts',
    'Whether one process for all roles watches the clusters too; a process with --role watcher always does. What it finds goes to LOOPBREAKER_ALERT_CHANNEL.',
    'on or off; docs/watch.md says what it reads.',
    'off',
  ),
  LOOPBREAKER_WATCH_RESTARTS: setting(
    'Alerts',
    'From how many restarts on a container in back-off counts.',
    'A number from 1 to 100.',
    '2',
  ),

  LOOPBREAKER_STORM_WORKLOADS: setting(
    'Alerts',
    'From how many workloads on that share a cause or a place one message speaks for all of them.',
    'A number from 2 to 100.',
    '3',
  ),
  LOOPBREAKER_STORM_SECONDS: setting(
    'Alerts',
    'How long what broke at a place waits for the next that breaks there, before they count together.',
    'Seconds, 60 to 86400.',
    '900',
  ),
  LOOPBREAKER_OVERVIEW_ABOVE: setting(
    'Alerts',
    'Above how many incidents a minute that have nothing in common a channel gets one overview in place of their cards.',
    'A number from 2 to 1000.',
    '10',
  ),

  LOOPBREAKER_LOG_LEVEL: setting(
    'Other',
    'fatal, error, warn, info, debug or silent.',
    'info is right for production.',
    'info',
  ),
} as const satisfies { [name: string]: Setting };

export type SettingName = keyof typeof SETTINGS;
