// What a person is told to do where no button helps: sentences without gaps, and commands that kubectl takes, that are whole
// and that take nothing away without saying so.

import { describe, expect, test } from 'vitest';
import { reportOf } from '../src/answer.ts';
import { fill } from '../src/core/fill.ts';
import type { Report } from '../src/core/report.ts';
import { rules } from '../src/rules/index.ts';
import { RECORDINGS, recordingDirs, score } from './support/recordings.ts';
import { allSaid } from './support/said.ts';
import { commandsIn, flawOf } from './support/shell-commands.ts';

const all: { name: string; report: Report }[] = [
  ...recordingDirs().map((dir) => ({ name: score(dir).truth.id, report: score(dir).report })),
  ...allSaid().map(({ who, evidence }) => ({ name: who, report: reportOf(evidence) })),
];
const told = rules.filter(({ id }) => !id.startsWith('none'));

test.each(
  told.map(({ id, byHand }) => [id, byHand]),
)('%s tells what to do, whether or not names are known', (id, byHand) => {
  const firing = all.flatMap(({ report }) => report.causes.filter(({ cause }) => cause === id));
  expect(firing.length).toBeGreaterThan(0);
  // A finding always carries the names that its rule cannot do without.
  const sure = Object.entries(firing[0]!.detail).filter(([key]) => firing.every(({ detail }) => detail[key]));
  for (const detail of [Object.fromEntries(sure), ...firing.map((cause) => cause.detail)]) {
    expect(fill(byHand, detail), JSON.stringify(detail)).toMatch(/^[A-Z].{20,}[.]$/s);
    // What a program said may look like anything; the sentence around it may not.
    const plain = fill(byHand, Object.fromEntries(Object.keys(detail).map((key) => [key, 'NAME'])));
    expect(plain).not.toMatch(/[{}|]|undefined| {2}|\(\)| [,.;:]/);
  }
});

const steps = all.flatMap(({ name, report }) => report.nextSteps.map((step) => ({ name, ...step })));
const refusals = all.flatMap(({ name, report }) =>
  report.proposals.flatMap(({ refusal }) =>
    commandsIn(refusal ?? '').map((command) => ({ name, text: refusal ?? '', command })),
  ),
);
const commands = [...steps.flatMap(({ command, ...step }) => (command ? [{ ...step, command }] : [])), ...refusals];

describe('a command for a person', () => {
  test('is one that kubectl takes, with every name in it', () => {
    expect(commands.length).toBeGreaterThan(1_000);
    const wrong = commands.map(({ name, command }) => `${name}: ${command}: ${flawOf(command)}`);
    expect(wrong.filter((line) => !line.endsWith(': none'))).toEqual([]);
  });

  test('that takes something away says so', () => {
    const taking = commands.filter(({ command }) =>
      /^kubectl (?:delete|drain|replace --force|scale .*=0\b)/.test(command),
    );
    expect(taking.length).toBeGreaterThan(10);
    for (const { text, command } of taking) {
      expect(text.replace(command, '')).toMatch(/delete|recreate|replace/i);
      expect(command).not.toMatch(/ --all\b|-A\b|--all-namespaces|delete (?!pod )/);
    }
  });

  test('is not given where a name in it could not be one', () => {
    const { report } = all.find(({ name }) => name === 'serviceaccount-missing')!;
    expect(report.nextSteps.map(({ command }) => command)).toContain(
      'kubectl create serviceaccount foundry-runner -n foundry',
    );
  });
});

test.each([
  [
    'rbac-forbidden-python',
    [
      'kubectl create role scaler-list-deployments --verb=list --resource=deployments.apps -n ops-autoscaler',
      'kubectl create rolebinding scaler-list-deployments --role=scaler-list-deployments --serviceaccount=ops-autoscaler:scaler -n ops-autoscaler',
      'kubectl auth can-i list deployments.apps --as=system:serviceaccount:ops-autoscaler:scaler -n ops-autoscaler',
    ],
  ],
  [
    'pvc-pending-no-storageclass',
    ['kubectl describe persistentvolumeclaim archive-data -n files-archive', 'kubectl get storageclasses'],
  ],
  ['disk-full-tmpfs', ['kubectl exec transcoder-5d8fc8f8dd-dzpd8 -n media-transcode -c transcoder -- df -h /scratch']],
  ['quota-exceeded', ['kubectl describe resourcequota,limitrange -n team-blue']],
  ['dependency-timeout-python', [expect.stringMatching(/ -- nc -zv -w 5 10\.44\.12\.9 8443$/)]],
  ['daemonset-bad-flag', ['kubectl edit daemonset/node-exporter -n node-metrics']],
])('%s gets the exact commands', (recording, wanted) => {
  const given = score(`${RECORDINGS}/${recording}`).report.nextSteps.map(({ command }) => command);
  expect(given).toEqual(expect.arrayContaining(wanted));
});

test('after a change, the rollout of the workload is what to look at, and never where nothing is wrong', () => {
  const last = (id: string) => score(`${RECORDINGS}/${id}`).report.nextSteps.at(-1)?.command;
  expect(last('oom-startup-python')).toBe(
    'kubectl rollout status deployment/embedding-api -n ml-embeddings --timeout=5m',
  );
  expect(last('healthy')).not.toContain('rollout');
});
