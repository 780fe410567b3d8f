// Incidents made from recordings by the real engine, the real remedies and the real story, phase by phase: what the
// tests of Slack's messages are drawn from. Nothing here is invented but people, times and what a watcher saw.

import { fileURLToPath } from 'node:url';
import { actions } from '../../src/actions/index.ts';
import { DEFAULT_LIMITS, reportOf } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import type { ActionId } from '../../src/core/action-id.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { step } from '../../src/core/incident/step.ts';
import { isRefusal, type Plan } from '../../src/core/plan.ts';
import type { Report } from '../../src/core/report.ts';
import type { Request } from '../../src/core/request.ts';

export const ANN = 'U0ANN';
export const BOB = 'U0BOB';

/** Each `[minutes after the first, event]`. */
export type Told = [number, IncidentEvent][];

export interface Recorded {
  report: Report;
  plan(action: ActionId): Plan;
}

export function recorded(name: string): Recorded {
  const snapshot = readRecording(fileURLToPath(new URL(`../recordings/${name}`, import.meta.url)));
  const evidence = evidenceFrom({ ...snapshot, cluster: 'prod-eu' }, {}, name);
  if (!evidence) throw new Error(`the recording ${name} holds no pod`);
  const report = reportOf(evidence, DEFAULT_LIMITS);
  return {
    report,
    plan: (id) => {
      const [cause] = report.causes;
      const action = actions.find((a) => a.id === id);
      const plan = cause && action?.plan({ evidence, report, cause, limits: DEFAULT_LIMITS });
      if (!plan || isRefusal(plan)) throw new Error(`${id} is not offered for ${name}`);
      return plan;
    },
  };
}

export function request(wanted: Partial<Request['wanted']> = {}): Request {
  return {
    wanted: {
      cluster: 'prod-eu',
      namespace: '',
      kind: 'Pod',
      name: 'checkout-api',
      container: '',
      selector: '',
      allowedNamespaces: ['*'],
      ...wanted,
    },
    place: { teamId: 'T0DEMO', channel: 'C0OPS' },
    by: { kind: 'user', id: ANN },
    deliveryId: 'command-1',
    said: 'checkout-api',
  };
}

/** The state after these events. */
export function tell(start: string, events: Told): IncidentState {
  let state: IncidentState | null = null;
  for (const [minutes, event] of events) {
    const now = new Date(Date.parse(start) + minutes * 60_000).toISOString();
    state = step(state, event, now).state;
  }
  if (!state) throw new Error('nothing was told');
  return state;
}

export const INCIDENT = 'incident-0123456789abc';

export function asked(wanted: Partial<Request['wanted']> = {}): Told {
  return [[0, { type: 'asked', id: INCIDENT, request: request(wanted) }]];
}

export function diagnosed({ report }: Recorded): Told {
  const { namespace, pod, workload } = report.target;
  const target = { cluster: 'prod-eu', namespace, pod, workload };
  return [...asked({ name: workload.name }), [0.1, { type: 'diagnosed', target, report }]];
}

/** From the card to a plan that waits for an approval. */
export function planned(what: Recorded, action: ActionId, minimum = 1, denied = ''): { plan: Plan; events: Told } {
  const plan = what.plan(action);
  const expiresAt = new Date(Date.parse(what.report.status.now) + 17 * 60_000).toISOString();
  const requires = { denied, rule: 'ops', minimum, requesterCounts: true, typedConfirmation: false };
  return {
    plan,
    events: [
      ...diagnosed(what),
      [1, { type: 'plan-wanted', action, by: ANN }],
      [2, { type: 'planned', plan, askedBy: ANN, dryRun: 'the API server accepts it', expiresAt, requires }],
    ],
  };
}

/** …approved, written, watched. */
export function written(what: Recorded, action: ActionId): { plan: Plan; events: Told } {
  const { plan, events } = planned(what, action);
  const undo = actions.find(({ id }) => id === action)?.undo(plan, { kind: plan.target.kind, metadata: {} });
  if (!undo || isRefusal(undo)) throw new Error(`${action} cannot be taken back`);
  return {
    plan,
    events: [
      ...events,
      [3, { type: 'approved', planId: plan.id, by: BOB }],
      [3.1, { type: 'writing', planId: plan.id, undo, undoRefusal: '' }],
      [3.2, { type: 'applied', planId: plan.id, templateHash: 'after', steadySeconds: 60 }],
    ],
  };
}

/** The same report where the database's own pod tells why it is down. */
export function withRoot(report: Report): Report {
  const target = { ...report.target, pod: 'ledger-db-0', workload: { kind: 'StatefulSet', name: 'ledger-db' } };
  const text = 'FATAL:  database files are incompatible with server';
  return {
    ...report,
    root: {
      through: ['ledger-db'],
      target,
      cause: 'data-version-incompatible',
      grade: 'confirmed',
      container: 'postgres',
      summary: 'its data directory was written by PostgreSQL 14, and the image is 15',
      evidence: [{ source: 'log', at: 'Pod/ledger-db-0:log.previous:3', text }],
      detail: {},
    },
  };
}
