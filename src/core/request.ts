// What somebody or something asks of Loopbreaker, after an edge has validated and bounded it.

export interface Place {
  teamId: string;
  channel: string;
}

/** Which pod or workload is meant; names may be partial and are resolved by the worker. */
export interface Wanted {
  /** Configured cluster alias. */
  cluster: string;
  /** "" means every namespace this place may read. */
  namespace: string;
  /** "pod" when only a name was given. */
  kind: string;
  /** Full or partial; "" means "what is crash looping now". */
  name: string;
  container: string;
  /** Kubernetes label selector, or "". */
  selector: string;
  /** Namespaces this place may read; `['*']` for all. Decided by the gateway, kept by the worker. */
  allowedNamespaces: string[];
}

export interface Request {
  wanted: Wanted;
  place: Place;
  /** Who asked: a Slack user id, or the name of the alert source. */
  by: { kind: 'user' | 'alert'; id: string };
  /** Delivery id of the edge (Slack trigger id, alert fingerprint and start): a repeat is the same request. */
  deliveryId: string;
  /** What was typed or which alert fired, escaped by whoever shows it. */
  said: string;
  /** Of a signal; missing for a question. */
  alert?: {
    severity: string;
    /** Only those that a route of the policy asks about. */
    labels: { [name: string]: string };
    /** When it began, RFC 3339. */
    at: string;
  };
}

/** Something found for a request. */
export interface Match {
  cluster: string;
  namespace: string;
  kind: string;
  name: string;
  /** "CrashLoopBackOff, 7 restarts"; "" when healthy. */
  trouble: string;
}
