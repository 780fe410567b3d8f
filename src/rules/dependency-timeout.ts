// A dependency does not answer: packets vanish, or no route leads there.

import type { ContainerCase } from '../core/case.ts';
import type { LogLine } from '../core/log.ts';
import { type LogHit, strengthOf } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { isLoopback, spoken } from './reading/address.ts';
import { dependencyOf, isAside, isTelemetry, MECHANISMS } from './reading/dependency.ts';
import { citeLine, fromLog, linesAround } from './reading/said.ts';
import { speaksOfApiServer } from './vocabulary/api-server.ts';
import { UNANSWERED } from './vocabulary/unanswered.ts';

/** Resolving, a pool that waits for a connection of its own, and webhooks have answers of their own. */
const OTHERS =
  /lookup [\w.-]+ on |getaddrinfo|failed calling webhook|QueuePool|(?:from the|connection) pool|active=[1-9]/i;
const CLIENT =
  /\b(?:asyncpg|psycopg\w*|pymysql|aiomysql|aioredis|redis|pymongo|motor|aio_?pika|pika|aiokafka|httpx|httpcore|aiohttp|urllib3|sqlalchemy|pg|mysql2?|ioredis|mongodb|amqplib|kafkajs|nats)\b.{0,80}connect/i;
/** Programs that name what they cannot reach by its kind only: "Unable to retrieve version information from Elasticsearch nodes". */
const WANTED =
  /\b(?:unable|could not|couldn't|cannot|can't|fail(?:ed|ing|s)?|retrying)\b.{0,60}?\b(?<kind>Elasticsearch|OpenSearch|PostgreSQL|Postgres|MySQL|MariaDB|MongoDB|Redis|Valkey|Kafka|ZooKeeper|RabbitMQ|Cassandra|ClickHouse|Consul|Vault|etcd|LDAP|Keycloak|MinIO)\b/i;

export default defineRule({
  id: 'dependency-timeout',
  title: 'A dependency does not answer',
  explains: ['crash-loop', 'unread'],
  causes: MECHANISMS,
  actions: ['restart'],
  commands: [['Try it from the pod', 'debug {pod} -n {namespace} -it --image=busybox -- nc -zv -w 5 {host} {port}']],
  byHand:
    'Check from the pod that {host|the dependency} can be reached: route, firewall, network policy, and whether it runs.',
  judge: (evidence) =>
    fromLog(evidence, UNANSWERED, (hit, k) => {
      if (isAside(hit, k) || speaksOfApiServer(hit.line) || OTHERS.test(hit.line.text)) return undefined;
      const dependency = dependencyOf(hit, k, evidence);
      const named = dependency.host !== '' && !isLoopback(dependency.host);
      const wanted = named ? undefined : wantedBefore(hit, k);
      // A bare "timed out" that names nobody does not say that a dependency is meant, unless a client was connecting.
      if (hit.sign.weak && !named && !wanted && !whileConnecting(hit, k)) return undefined;
      return {
        summary: `${wanted ? wanted.kind : spoken(dependency)} does not answer ${k.container.name}`,
        detail: dependency.detail,
        more: [...(wanted && wanted.line.n !== hit.line.n ? [citeLine(k, wanted.line)] : []), ...dependency.more],
        ...(wanted && isError(wanted.line) ? { strength: strengthOf(unweakened(hit), k) } : {}),
        ...(isTelemetry(hit) ? { strength: 'sign' as const, more: [] } : {}),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, the Service with that name or address, and its endpoints',
    means:
      'The connection is neither accepted nor refused: a firewall or network policy drops it, the address is gone, or the other side hangs.',
    fix: 'Find out who swallows the packets to {host}: network policy, firewall, security group, a dead address. Restart helps only after that.',
    prevention:
      'Test in the pipeline that the network policies of {namespace|the namespace} let {container} reach {host|its dependency}, and let it retry at its start instead of ending. Ask for it in the readiness probe, not in the {killedBy} probe, which restarts {container} for nothing it could cure.',
    notThis: '"Connection refused" means that something answered: that is dependency-refused.',
  },
});

/** The latest line up to the hit that says what the program could not reach. */
function wantedBefore(hit: LogHit, k: ContainerCase): { kind: string; line: LogLine } | undefined {
  if (hit.citation.source !== 'log') return undefined;
  const line = linesAround(k, hit.line.n, 20, 0).findLast((l) => WANTED.test(l.text.slice(0, 2_000)));
  const kind = line && WANTED.exec(line.text)?.groups?.kind;
  return kind ? { kind, line } : undefined;
}

function isError(line: LogLine): boolean {
  return line.level === 'error' || line.level === 'fatal';
}

/** An error that named the dependency and the timeout it ended with say together what neither says alone. */
function unweakened(hit: LogHit): LogHit {
  return { ...hit, sign: { ...hit.sign, weak: false } };
}

/** A traceback that passes through the connecting of a client library. */
function whileConnecting(hit: LogHit, k: ContainerCase): boolean {
  return linesAround(k, hit.line.n, 20, 0).some((l) => CLIENT.test(l.raw));
}
