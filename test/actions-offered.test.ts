// What every recorded case is answered with: the remedy that would cure it, offered, or the words that say what to do.
import { describe, expect, test } from 'vitest';
import type { ActionId } from '../src/core/action-id.ts';
import type { Proposal } from '../src/core/report.ts';
import { recordingDirs, score } from './support/recordings.ts';

/** Which action answers an expected remedy, and in which words it is answered where no button can do it. */
const answers: { [remedy: string]: { by?: ActionId[]; words?: RegExp } } = {
  'add-nodes': { words: /Make room on a node, add one that fits/ },
  'create-configmap': { words: /kubectl create configmap search-synonyms -n search-indexer/ },
  'create-secret': { words: /kubectl create secret generic invoice-db-credentials -n billing-core/ },
  'create-service-account': { words: /Create the ServiceAccount foundry-runner/ },
  'fix-args': { words: /Remove or correct -\S+ in the command or args/ },
  'fix-command': { by: ['debug-copy'], words: /Correct the (?:command|postStart hook)/ },
  'fix-config': {
    by: ['fix-config'],
    words:
      /kubectl (?:set env|edit configmap) |Correct (?:the name|it where it comes from|what fetch-theme does)|Give exporter another place to listen than port 8080|into the image or mount it/,
  },
  'fix-data': { words: /bare pod.*Recreate it by hand|in the program or in the data it was given/ },
  'fix-dependency': { words: /Bring \S+ (?:back|up)|See what stands behind|can be reached|who holds the connections/ },
  'fix-image': {
    words:
      /in(?:to|to the|) the image|[Bb]uild the (?:image|program)|to the image|where it is made|the version that wrote the data/,
  },
  'fix-image-reference': { words: /Correct the image/ },
  'fix-migration': { words: /finish or undo the migration by hand/ },
  'fix-node-selector': { words: /node affinity\/selector/ },
  'fix-probe': { by: ['fix-probe'], words: /kubectl patch deployment \S+ .*Probe/ },
  'fix-rbac': { words: /Bind a Role that lets/ },
  'fix-resources': { words: /ask for less: 1 Insufficient nvidia\.com\/gpu/ },
  'fix-secret': { words: /Credentials are never written\. Correct/ },
  'fix-security-context': {
    by: ['fix-security-context', 'add-writable-volume'],
    words: /kubectl patch \S+ \S+ .*securityContext|add NET_BIND_SERVICE|--allowed-unsafe-sysctls/,
  },
  'fix-trust-store': { words: /Which CA to trust only you know/ },
  'fix-volume': { words: /Give the claim \S+ a volume|Cure node/ },
  investigate: { by: ['debug-copy'] },
  'lower-limits': { words: /Ask for less/ },
  'lower-requests': { words: /ask for less/ },
  none: {},
  'order-containers': { words: /as a native sidecar/ },
  'raise-cpu-limit': { by: ['raise-cpu-limit'] },
  'raise-deadline': { words: /Give the work more time/ },
  'raise-heap': { by: ['raise-heap-limit'] },
  'raise-memory-limit': { by: ['raise-memory-limit'] },
  'raise-quota': { words: /have the quota raised by who owns it/ },
  'raise-ulimit': { words: /Raise the limit on file descriptors/ },
  'raise-volume-size': { words: /give volume scratch more|Give volume cache a larger sizeLimit/ },
  'restore-data': { words: /restore from backup/ },
  rollback: { by: ['rollback'], words: /no earlier revision to go back to.*kubectl set image|no earlier revision/ },
  'rollback-config': { words: /kubectl edit configmap banner-config/ },
  'use-job': { words: /as a Job or CronJob/ },
};

const isOffered = ({ refusal }: Proposal): boolean => refusal === null;

describe.each(recordingDirs().map((dir) => [dir.split('/').at(-1) ?? '', dir]))('%s', (_name, dir) => {
  const { truth, report } = score(dir);
  const offered = report.proposals.filter(isOffered).map(({ action }) => action);
  const words = [
    ...report.proposals.map(({ refusal }) => refusal ?? ''),
    ...report.nextSteps.map(({ text, command }) => `${text} ${command ?? ''}`),
  ].join('\n');

  test('is answered with what cures it', () => {
    const expected = answers[truth.expectedRemediation];
    expect(expected, `${truth.expectedRemediation} is not in the table`).toBeDefined();
    if (truth.expectedRemediation === 'none') return expect(report.proposals).toEqual([]);
    if (expected?.by?.some((id) => offered.includes(id))) return;
    expect(words).toMatch(expected?.words ?? /^$/);
  });

  test('is offered a restart only where a new start can meet a changed world', () => {
    if (report.proposals.length === 0) return;
    const restart = report.proposals.find(({ action }) => action === 'restart');
    expect(restart).toBeDefined();
    const mayHelp = /^(?:dependency-|os-limit|evicted|image-pull-rate|sidecar-not-ready|apiserver-)/.test(
      report.verdict.cause,
    );
    if (!mayHelp) expect(restart?.refusal).toMatch(/^Restart will not help/);
  });

  test('every refusal ends in a reason or a command, and every offer shows its difference', () => {
    for (const { refusal, diff } of report.proposals) {
      if (refusal !== null) expect(refusal).toMatch(/\.$|kubectl|: /);
      else expect(diff).not.toBe('');
    }
  });
});
