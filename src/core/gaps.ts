// What could not be read, said once each. A gap is never silence: every unread fact stands behind one of these lines.

import { casesOf } from './case.ts';
import type { ContainerEvidence } from './evidence/container.ts';
import type { Evidence } from './evidence.ts';
import { type Fact, known } from './fact.ts';
import { hostIn, serviceNameOf } from './host.ts';
import type { Cause, Gap } from './report.ts';

/** More than so many fields unread for one reason are told by their number. */
const NAMED_MAX = 8;

export function gapsOf(evidence: Evidence): Gap[] {
  const gaps = new Map<string, string>();
  const note = (what: string, fact: Fact<unknown>): void => {
    if (fact.state === 'unread' && !gaps.has(what)) gaps.set(what, fact.why);
  };
  note('events', evidence.events);
  for (const part of evidence.unread) if (!gaps.has(part.what)) gaps.set(part.what, part.why);
  for (const c of evidence.containers) {
    const label = c.name || 'the container';
    for (const run of ['previous', 'current'] as const) {
      const log = c.logs[run];
      note(`${run} log of ${label}`, log);
      if (log.state === 'seen' && log.value.skippedBytes > 0)
        gaps.set(
          `middle of the ${run} log of ${label}`,
          `at least ${log.value.skippedBytes} bytes between head and tail were not read`,
        );
    }
  }
  // How much it used says how much it needs, where memory was the trouble.
  for (const { container, ending } of casesOf(evidence))
    if (ending === 'oom-killed') note(`memory use of ${container.name}`, container.memoryUse);
  note('owner and rollout', evidence.workload);
  note('revisions', evidence.revisions);
  for (const r of evidence.references) note(`${r.kind} ${r.name}`, r.object);
  note('node', evidence.node);
  note('other pods', evidence.siblings);
  note('services', evidence.services);
  note('quotas', evidence.quotas);
  note('limit ranges', evidence.limitRanges);
  const told = [...gaps].map(([what, why]) => ({ what, why }));
  return [...fieldGaps('the pod', podFields(evidence)), ...evidence.containers.flatMap(containerGaps), ...told];
}

/** A dependency in a namespace that nobody looked into. */
export function placeNotRead(evidence: Evidence, first: Cause | undefined): Gap[] {
  const meant = serviceNameOf(hostIn(first?.detail.host ?? '').name, evidence);
  const services = known(evidence.services);
  if (!meant || !services || meant.namespace === evidence.namespace) return [];
  if (services.some((s) => s.namespace === meant.namespace)) return [];
  const { service, namespace } = meant;
  // The API server itself, which was asked.
  if (service === 'kubernetes' && namespace === 'default') return [];
  return [{ what: `Service ${service} in namespace ${namespace}`, why: `only ${evidence.namespace} was read` }];
}

type Field = [name: string, fact: Fact<unknown>];

function podFields({ pod }: Evidence): Field[] {
  return Object.entries(pod).map(([name, fact]): Field => [name, fact as Fact<unknown>]);
}

/** Of a container the status comes first: it decides most. */
function containerGaps(c: ContainerEvidence): Gap[] {
  const { state, lastState, ready, restartCount, probes, image } = c;
  const status: Field[] = Object.entries({ state, lastState, ready, restartCount });
  const { command, args, workingDir, imagePullPolicy, env, envFrom, ports, memoryLimit, memoryRequest } = c;
  const { cpuLimit, cpuRequest, postStart, preStop, securityContext, mounts, terminationMessagePolicy } = c;
  const spec: Field[] = Object.entries({
    image,
    command,
    args,
    env,
    envFrom,
    ports,
    mounts,
    memoryLimit,
    memoryRequest,
    cpuLimit,
    cpuRequest,
    livenessProbe: probes.liveness,
    readinessProbe: probes.readiness,
    startupProbe: probes.startup,
    postStart,
    preStop,
    securityContext,
    workingDir,
    imagePullPolicy,
    terminationMessagePolicy,
  });
  const label = c.name || 'the container';
  return [...fieldGaps(label, status, 'status'), ...fieldGaps(label, spec, 'specification')];
}

/** One line for all fields that were not read for the same reason; the whole by one word where nothing of it was read. */
function fieldGaps(label: string, fields: Field[], whole?: string): Gap[] {
  const byReason = new Map<string, string[]>();
  for (const [name, fact] of fields)
    if (fact.state === 'unread') byReason.set(fact.why, [...(byReason.get(fact.why) ?? []), name]);
  return [...byReason].map(([why, names]) => {
    if (whole && names.length === fields.length) return { what: `${whole} of ${label}`, why };
    if (whole && names.length > fields.length / 2) return { what: `most of the ${whole} of ${label}`, why };
    if (!whole && names.length > fields.length / 2) return { what: `most of ${label}`, why };
    const more = names.length - NAMED_MAX;
    const shown = names.slice(0, NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more fields` : '');
    return { what: `${shown} of ${label}`, why };
  });
}
