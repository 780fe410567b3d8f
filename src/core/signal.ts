// What a sender of alerts or the watch says about one thing in a cluster, after an edge has validated and bounded it.

export interface Signal {
  /** The same trouble keeps it for its whole life, whoever delivers it however often. At most 500 characters. */
  deliveryId: string;
  /** Who says so: "alertmanager", "grafana", …, the name of a generic sender, or "watch". */
  source: string;
  status: 'firing' | 'resolved';
  /** As the sender calls it; "" when it does not say. */
  cluster: string;
  namespace: string;
  /** Kind and name of what the sender names: a pod, a workload, a node. */
  kind: string;
  name: string;
  container: string;
  /** The topmost owner, where the sender knows it. */
  owner: { kind: string; name: string } | null;
  /** Name of the alert, for the person who reads the card. */
  title: string;
  /** The sender's word for it, lower case; "" when it does not say. */
  severity: string;
  /** Bounded in number and length; for routing. */
  labels: { [name: string]: string };
  /** When it began, RFC 3339. */
  at: string;
}

/** What became of a signal. */
export type Taken =
  | 'opened'
  /** Its incident is open already. */
  | 'known'
  /** It has ended, says the sender; the cluster is asked. */
  | 'resolved'
  /** Its channel may not read that cluster or namespace. */
  | 'not-allowed'
  /** It names a cluster that nobody configured. */
  | 'unknown-cluster';
