// What can be asked of the past, and what is answered: the same document for the terminal, Slack and other tools.

export const HISTORY_WORDS = ['list', 'top', 'warnings', 'history'] as const;
export type HistoryWord = (typeof HISTORY_WORDS)[number];

export interface HistoryAsk {
  what: HistoryWord;
  /** Alias; "" means all that may be read. */
  cluster: string;
  /** "" means all that may be read. */
  namespace: string;
  /** For history: a workload's name, and its kind or "". */
  kind: string;
  name: string;
  /** For top: only what restarted more often than this. */
  above: number;
}

/** One moment of an incident: its cause was found, or it was over. */
export interface Moment {
  /** In ms since 1970. */
  at: number;
  incident: string;
  namespace: string;
  kind: string;
  name: string;
  container: string;
  is: 'broken' | 'well';
  cause: string;
  /** One sentence, redacted. */
  words: string;
}

export interface Troubled {
  namespace: string;
  kind: string;
  name: string;
  /** Restarts of all its containers in 24 h; not exact where some may have been before. */
  restarts: number;
  exact: boolean;
  /** RFC 3339 of the last restart or diagnosis. */
  lastAt: string;
  now: boolean;
  /** Of the newest diagnosis; "" when there is none. */
  cause: string;
  incident: string;
}

export interface Restarting {
  namespace: string;
  kind: string;
  name: string;
  container: string;
  restarts: number;
  exact: boolean;
  lastAt: string;
}

export interface Warning {
  namespace: string;
  reason: string;
  count: number;
  exact: boolean;
  /** How many different objects. */
  objects: number;
  lastAt: string;
}

/** What is kept of one workload. */
export interface Past {
  namespace: string;
  kind: string;
  name: string;
  moments: (Omit<Moment, 'at' | 'namespace' | 'kind' | 'name'> & { at: string })[];
  restarts: { lastHour: number; last24Hours: number; last7Days: number };
  warnings: { reason: string; count: number; lastAt: string }[];
}

/** Fields may be added, never renamed. One document for each cluster. */
export interface HistoryAnswer {
  schemaVersion: 1;
  what: HistoryWord;
  cluster: string;
  /** RFC 3339. */
  now: string;
  list?: Troubled[];
  top?: Restarting[];
  warnings?: Warning[];
  history?: Past[];
}
