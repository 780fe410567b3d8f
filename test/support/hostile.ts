// Reports and incidents of the worst kind: every string in them is what an attacker, a broken program or a strange
// alphabet would write. The shapes are the real ones, so that what is drawn from them must hold for all.

import fc from 'fast-check';
import { whole } from '../../src/core/incident/life.ts';
import type { IncidentState, Phase } from '../../src/core/incident/state.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Report } from '../../src/core/report.ts';

const NASTY = [
  '<!channel>',
  '<!here|x>',
  '<@U0EVE>',
  '<!subteam^S0ALL>',
  '<#C0OPS>',
  '<https://evil.example/x|click>',
  '<!date^1^{time}|x>',
  '@channel @here @everyone',
  'https://evil.example/',
  ':large_green_circle:',
  '&lt;!channel&gt;',
  '&',
  '<',
  '>',
  '`',
  '```',
  '*',
  '_',
  '~',
  '> quoted',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u0007',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;x\u0007',
  '\u202egnp.exe',
  '\u2028',
  '\ufeff',
  '\ud83d',
  '\ude00',
  '😀',
  '👨‍👩‍👧',
  'مرحبا بالعالم',
  '日本語',
  'é',
  ': ',
  '. ',
  '2026-11-21T02:28:25Z',
  '{"message":"<!channel>"}',
];

const piece = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.lorem({ maxCount: 6 }),
);
const long = fc.constantFrom(
  'x'.repeat(4_000),
  '&'.repeat(3_000),
  '<!channel> '.repeat(400),
  '`*_'.repeat(900),
  '😀'.repeat(2_000),
);

/** Text that must mean nothing. */
export const text = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: fc.constant('') },
);

const time = fc.oneof(
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((d) => d.toISOString()),
  fc.constantFrom('', 'yesterday', '9999-12-31T23:59:59Z', '-000001-01-01T00:00:00Z', '1970-01-01T00:00:00Z'),
  fc.constant('Jan 1 2026 (<!channel>)'),
  text,
);
const count = fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 3_000_000 }));
const grade = fc.constantFrom('confirmed', 'likely', 'possible');
const cause = fc.oneof(
  fc.constantFrom('none', 'none-recovered', 'dependency-refused', 'readiness-probe-failing', 'env-missing', 'unknown'),
  text,
);
const kind = fc.constantFrom('main', 'init', 'sidecar');
const at = fc.oneof(fc.constantFrom('log.previous:3', 'event:BackOff', 'status.x', 'spec.containers[0]'), text);
const few = <T>(one: fc.Arbitrary<T>, maxLength = 14) => fc.array(one, { maxLength });
const action = fc.constantFrom('restart', 'rollback', 'raise-memory-limit', 'fix-probe', 'debug-copy');
const risk = fc.constantFrom('low', 'medium', 'high');

const citation = fc.record({ source: fc.constant('log'), at, text });

const causeFound = fc.record({
  cause,
  grade,
  container: text,
  containerKind: kind,
  summary: text,
  evidence: few(citation),
  mechanisms: few(text, 5),
  detail: fc.dictionary(fc.constantFrom('variable', 'host', 'path', 'image', 'probe', 'key'), text),
});

const contextKind = fc.constantFrom('began-with-revision', 'healthy-revision', 'config-changed', 'dependency', 'exit');
const dependency = fc.record({
  kind: fc.constant('dependency'),
  text: text.map((name) => `Service ${name} has no ready endpoint (${name})`),
  at,
});

export const report: fc.Arbitrary<Report> = fc.record({
  schemaVersion: fc.constant(1),
  source: text,
  target: fc.record({
    cluster: text,
    namespace: text,
    pod: text,
    workload: fc.record({ kind: fc.oneof(fc.constant('Deployment'), text), name: text }),
  }),
  verdict: fc.record({
    cause,
    grade: fc.oneof(grade, fc.constant('unknown')),
    container: text,
    containerKind: kind,
    summary: text,
  }),
  causes: few(causeFound, 5),
  ruledOut: few(fc.record({ cause, because: text })),
  context: few(fc.oneof(fc.record({ kind: contextKind, text, at }), dependency)),
  gaps: few(fc.record({ what: text, why: text })),
  nextQuestion: fc.oneof(fc.constant(null), text),
  proposals: few(
    fc.record(
      {
        action,
        title: text,
        risk,
        target: text,
        diff: text,
        refusal: fc.oneof(fc.constant(null), text),
        copyOnly: fc.record({ owner: text, change: text }),
      },
      { requiredKeys: ['action', 'title', 'risk', 'target', 'diff', 'refusal'] },
    ),
    6,
  ),
  prevention: few(text, 4),
  status: fc.record({
    state: fc.constantFrom(
      'crash looping',
      'cannot start',
      'image cannot be pulled',
      'not ready',
      'pending',
      'no pod',
      'evicted',
      'failed',
      'recovered',
      'healthy',
      'unread',
    ),
    since: time,
    restarts: count,
    lastExit: fc.oneof(fc.constant(null), fc.record({ code: fc.integer(), words: text, finishedAt: time })),
    livedForSeconds: count,
    nextStart: time,
    serving: fc.oneof(fc.constant('0 of 2 replicas serve'), text),
    now: time,
  }),
  logExcerpt: few(fc.record({ at, text })),
  timeline: few(fc.record({ time, text }), 30),
  nextSteps: few(fc.record({ text, command: fc.oneof(fc.constant(null), text) }), 6),
  checked: few(text, 12),
  root: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        through: few(text, 3),
        cause,
        grade: fc.oneof(grade, fc.constant('unknown')),
        summary: text,
        evidence: few(citation, 3),
      }),
    },
  ),
}) as fc.Arbitrary<Report>;

const plan: fc.Arbitrary<Plan> = fc.record({
  id: fc.constantFrom('plan-a', 'plan-b'),
  action,
  title: text,
  risk,
  target: fc.record({
    apiVersion: text,
    kind: text,
    namespace: text,
    name: text,
    uid: text,
    templateHash: text,
  }),
  container: text,
  intent: fc.dictionary(fc.constantFrom('revision', 'to'), text),
  diff: text,
  effect: text,
  blastRadius: text,
  verification: text,
  undo: text,
  warnings: few(text, 8),
  copyOnly: fc.oneof(fc.constant(undefined), fc.record({ owner: text, change: text })),
}) as fc.Arbitrary<Plan>;

/** Those whom a message may name. */
export const PEOPLE = ['U0ANN', 'U0BOB'];
const person = fc.constantFrom(...PEOPLE);
const approval = fc.record({ planId: fc.constantFrom('plan-a', 'plan-b'), by: person, at: time });

const facts = fc.constant({ labels: {}, replicas: null, managedBy: [] });

const match = fc.record({ cluster: text, namespace: text, kind: text, name: text, trouble: text });

const operation = fc.record({
  number: fc.constantFrom(undefined, 2),
  planId: fc.constant('plan-a'),
  undo: fc.oneof(fc.constant(null), plan),
  undoRefusal: text,
  plan,
  approval,
  approvals: few(approval, 3),
  facts,
  appliedAt: time,
  steadySeconds: fc.integer({ min: 1, max: 600 }),
  seen: text,
  outcome: fc.oneof(fc.constant(null), fc.record({ recovered: fc.boolean(), at: time, words: text })),
  done: fc.constantFrom(undefined, '', 'Not done: <@U0EVE> said no to “<!channel>'),
});

const earlier = fc.record({
  number: fc.constant(1),
  sentence: text,
  operation: fc.oneof(fc.constant(null), operation),
  undone: fc.boolean(),
});

const PHASES: Phase[] = [
  'asked',
  'choosing',
  'refused',
  'diagnosed',
  'planning',
  'planned',
  'applying',
  'verifying',
  'recovered',
  'not-recovered',
];

const asStored = fc.record({
  schemaVersion: fc.constant(1),
  id: fc.constant('incident-0123456789abc'),
  phase: fc.constantFrom(...PHASES),
  request: fc.record({
    wanted: fc.record({
      cluster: text,
      namespace: text,
      kind: text,
      name: text,
      container: text,
      selector: text,
      allowedNamespaces: few(text, 3),
    }),
    place: fc.constant({ teamId: 'T0DEMO', channel: 'C0OPS' }),
    by: fc.constant({ kind: 'user', id: 'U0ANN' }),
    deliveryId: text,
    said: text,
  }),
  progress: few(text, 12),
  sentence: fc.oneof(fc.constant(''), text),
  matches: few(match, 120),
  target: fc.oneof(fc.constant(null), fc.record({ cluster: text, namespace: text, pod: text })),
  report: fc.oneof({ weight: 5, arbitrary: report }, { weight: 1, arbitrary: fc.constant(null) }),
  plan: fc.oneof(
    fc.constant(null),
    fc.record({
      number: fc.constantFrom(undefined, 3),
      plan,
      askedBy: person,
      plannedAt: time,
      expiresAt: time,
      dryRun: text,
      undoes: fc.constant(null),
      approvals: few(approval, 3),
      facts,
      requires: fc.record({
        denied: text,
        rule: text,
        minimum: fc.integer({ min: 0, max: 5 }),
        requesterCounts: fc.boolean(),
        typedConfirmation: fc.boolean(),
      }),
    }),
  ),
  approval: fc.oneof(fc.constant(null), approval),
  writing: fc.constant(null),
  operation: fc.oneof(fc.constant(null), operation),
  earlier: few(earlier, 2),
  messages: fc.constant({}),
}) as fc.Arbitrary<IncidentState>;

export const incident: fc.Arbitrary<IncidentState> = asStored.map(whole);
