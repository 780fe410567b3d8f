// What the worker's jobs are given.

import type { Config } from '../../config.ts';
import type { ActionLimits } from '../../core/action.ts';
import type { Evidence } from '../../core/evidence.ts';
import { known } from '../../core/fact.ts';
import type { IncidentEvent } from '../../core/incident/events.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { labelsAsked, limitsFor } from '../../core/policy/requirement.ts';
import type { Cluster } from '../../kube/clusters.ts';
import type { Log } from '../log.ts';
import type { OpenStories } from '../story.ts';

type Incidents = OpenStories['stories'];

export interface Work {
  clusters: ReadonlyMap<string, Cluster>;
  config: Pick<Config, 'limits' | 'secretKeyNames' | 'steadySeconds' | 'approvalKeys' | 'storms'>;
  /** Milliseconds since 1970, the same for all roles. */
  now(): number;
  /** The policy in force at this moment. */
  policy(): Policy;
  tell(incident: string, event: IncidentEvent): Promise<IncidentState>;
  /** Keeps for the history what was read. */
  keep(cluster: string, evidence: Evidence): void;
  storms: Pick<OpenStories['storms'], 'read' | 'open' | 'transition' | 'holderOf' | 'lead'>;
  incidents: Pick<Incidents, 'read' | 'transition' | 'take' | 'holderOf' | 'lastOf' | 'point' | 'claim' | 'release'>;
  /** How each of many incidents stands. */
  briefs: OpenStories['briefs'];
  log: Log;
}

/** The cluster of an incident that was diagnosed. */
export function clusterOf(work: Work, state: IncidentState): Cluster | undefined {
  return state.target ? work.clusters.get(state.target.cluster) : undefined;
}

/** How far a remedy for this workload may go: the ceilings of the rule that will judge it. */
export function limitsOf(work: Work, cluster: string, evidence: Evidence): ActionLimits {
  const policy = work.policy();
  const labels = labelsAsked(policy, known(evidence.workload)?.labels ?? {});
  const { limits } = work.config;
  return { ...limits, ...limitsFor(policy, { cluster, namespace: evidence.namespace, labels }, limits) };
}
