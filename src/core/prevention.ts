// What would keep this from happening again, in one or two sentences that name what was found in this pod.

import { fill } from './fill.ts';
import type { Report } from './report.ts';
import type { Rule } from './rule.ts';

/** Workloads whose new template is rolled out pod by pod. */
const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];

// A verdict of "unknown" has no rule that could speak: the next crash should at least leave words behind.
const LAST_WORDS =
  'Let {container} say why it ends before it ends, and keep these words: terminationMessagePolicy: FallbackToLogsOnError, and logs shipped off the node.';

export function preventionOf({ target, verdict, causes }: Report, rule: Rule | undefined): string[] {
  const { kind, name } = target.workload;
  const workload = name && kind !== 'Pod' ? `${kind} ${name}` : '';
  const place = {
    namespace: target.namespace,
    workload,
    rollout: ROLLED_OUT.includes(kind) ? workload : '',
    container: verdict.container,
  };
  const text = fill(rule ? rule.doc.prevention : LAST_WORDS, { ...place, ...causes[0]?.detail });
  return text ? [text] : [];
}
