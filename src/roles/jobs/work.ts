// What the worker's jobs are given.

import type { Config } from '../../config.ts';
import type { IncidentEvent, IncidentState } from '../../core/incident/state.ts';
import type { Cluster } from '../../kube/clusters.ts';
import type { Log } from '../log.ts';

export interface Work {
  clusters: ReadonlyMap<string, Cluster>;
  config: Pick<Config, 'limits' | 'secretKeyNames' | 'approvalSeconds' | 'steadySeconds' | 'remediation' | 'approvers'>;
  tell(incident: string, event: IncidentEvent): Promise<IncidentState>;
  log: Log;
}

/** The cluster of an incident that was diagnosed. */
export function clusterOf(work: Work, state: IncidentState): Cluster | undefined {
  return state.target ? work.clusters.get(state.target.cluster) : undefined;
}
