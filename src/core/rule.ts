// What a rule is: one root cause, judged from evidence alone, with its own documentation.
// A rule never throws and never decides how sure the answer is as a whole: ranking does that.

import type { ActionId } from './action-id.ts';
import type { Symptom } from './case/symptom.ts';
import { type ContainerCase, casesOf } from './case.ts';
import type { CauseId } from './cause.ts';
import type { ContainerKind } from './evidence/container.ts';
import type { Evidence } from './evidence.ts';
import type { Citation } from './fact.ts';

/** The cause holds: it explains what is wrong with this container (or, with `container: ""`, with the pod). */
export interface Holds {
  is: 'holds';
  container: string;
  containerKind: ContainerKind;
  /**
   * `proof`: the kubelet, the API server or the program's own last words state this cause.
   * `sign`: points to it; two signs from different sources make it likely.
   */
  strength: 'proof' | 'sign';
  /** One sentence without a full stop's worth of doubt: what is wrong, with the names that matter. */
  summary: string;
  /** The decisive piece first. */
  evidence: Citation[];
  /** What actions and context need: `variable`, `configMap`, `key`, `host`, `port`, `path`, `limit`, `file` … */
  detail: { [name: string]: string };
}

/** A seen fact refutes the cause, in words: "reason is Error, not OOMKilled". */
export interface RuledOut {
  is: 'ruled-out';
  container: string;
  because: string;
}

/** Would be decided by something unread; `question` is a command or look that a person can do. */
export interface Undecided {
  is: 'undecided';
  container: string;
  question: string;
}

export type Judgement = Holds | RuledOut | Undecided;

export interface RuleDoc {
  /** What the rule looks at. */
  looksAt: string;
  /** What it means when it holds, in plain words. */
  means: string;
  /** What cures it. */
  fix: string;
  /**
   * Prevention that prints as one or two sentences: `{name}` or `{name|words where it is not known}` from the finding's
   * detail, `{workload}`, `{rollout}` or `{namespace}`; a sentence with an unknown name is left out.
   */
  prevention: string;
  /** The look-alikes it is not. */
  notThis: string;
}

/** What it is for, and the words after `kubectl`: `{name}` from detail or of the workload; capitals only a person knows. */
export type HandCommand = readonly [text: string, command: string];

export const EDIT_TEMPLATE: HandCommand = ['Open its template', 'edit {owner} -n {namespace}'];

export interface Rule {
  id: CauseId;
  title: string;
  /** Symptoms it can explain; a finding on a container with another symptom does not count. */
  explains: readonly Symptom[];
  /** Lesser findings on the same container that this cause makes redundant: they become its mechanisms. */
  causes: readonly CauseId[];
  /** Holds only when nothing more specific does ("an uncaught exception"). */
  generic: boolean;
  /** Remedies that can help, best first. Restart only where a new start can meet a changed world. */
  actions: readonly ActionId[];
  /** The exact change for a person, where no action can do it; `{name}` from detail. "" when an action suffices. */
  byHand: string;
  /** Commands that make that change, or show what it hangs on. */
  commands: readonly HandCommand[];
  judge: (evidence: Evidence) => Judgement[];
  doc: RuleDoc;
}

type RuleDefinition = Omit<Rule, 'causes' | 'generic' | 'actions' | 'explains' | 'byHand' | 'commands'> & Partial<Rule>;

/** Makes a rule with the usual defaults: explains a crash loop, nothing redundant, not generic. */
export function defineRule(rule: RuleDefinition): Rule {
  return Object.freeze({
    explains: ['crash-loop'] as const,
    causes: [],
    generic: false,
    actions: [],
    byHand: '',
    commands: [],
    ...rule,
  });
}

/** Judges each container whose symptom asks for an explanation this rule can give. */
export function eachCase(
  evidence: Evidence,
  symptoms: readonly Symptom[],
  judge: (k: ContainerCase) => Judgement | Judgement[] | undefined,
): Judgement[] {
  return casesOf(evidence)
    .filter((k) => symptoms.includes(k.symptom))
    .flatMap((k) => judge(k) ?? []);
}

/** Where a sentence names the container: at its beginning, or after one of these words. */
const NAMELESS =
  /^ |(?<=\b(?:of|for|in|by|before|after|from|to|that|what|than|if|until|where|start|create|make|makes|run|refuses|lets|which|and|while|but|because|when|so) )(?: |$|(?=[:,;]))/;

/** A finding on one container. In a pasted log nobody names the container: then the sentence speaks of the program. */
export function holds(
  k: ContainerCase,
  finding: { summary: string; evidence: Citation[]; strength: 'proof' | 'sign'; detail?: { [name: string]: string } },
): Holds {
  const { name, kind } = k.container;
  const summary =
    name === ''
      ? finding.summary
          .replace(NAMELESS, 'the program ')
          .replace(/ (?=[:,;])/, '')
          .trimEnd()
      : finding.summary;
  return {
    is: 'holds',
    container: name,
    containerKind: kind,
    detail: {},
    ...finding,
    summary: oneLine(summary),
    evidence: once(finding.evidence),
  };
}

/** A line that is cited for two reasons is shown once. */
function once(evidence: Citation[]): Citation[] {
  return [...new Map(evidence.map((citation) => [`${citation.at} ${citation.text}`, citation])).values()];
}

/** A finding on the pod or workload as a whole. */
export function holdsForPod(finding: {
  summary: string;
  evidence: Citation[];
  strength: 'proof' | 'sign';
  detail?: { [name: string]: string };
}): Holds {
  return {
    is: 'holds',
    container: '',
    containerKind: 'main',
    detail: {},
    ...finding,
    summary: oneLine(finding.summary),
    evidence: once(finding.evidence),
  };
}

/** A program's words may have lines of their own; the sentence around them has one. */
const oneLine = (summary: string): string => (summary.includes('\n') ? summary.replace(/\s+/g, ' ') : summary);

export function ruledOut(k: ContainerCase, because: string): RuledOut {
  return { is: 'ruled-out', container: k.container.name, because };
}

export function undecided(k: ContainerCase, question: string): Undecided {
  return { is: 'undecided', container: k.container.name, question };
}
