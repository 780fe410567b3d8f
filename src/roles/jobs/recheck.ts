// Job `recheck`: looks whether an open incident is still what it was. A cheap look first; the whole answer is made anew
// only when the trouble looks otherwise or the answer is old. Looking twice does no harm.

import { again, type Still } from '../../core/incident/again.ts';
import type { Look } from '../../core/incident/events.ts';
import { isOver } from '../../core/incident/life.ts';
import { steadySecondsNow } from '../../core/incident/pace.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import { mentionOf } from '../../core/policy/route.ts';
import { lookFrom, lookFromRuns } from '../../core/relook.ts';
import { saysAgain, steadySecondsFor } from '../../core/verify.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { ClusterError } from '../../kube/errors.ts';
import { kindNamed } from '../../kube/kinds.ts';
import { observe } from '../../kube/recovery.ts';
import { readRuns } from '../../kube/runs.ts';
import { Later } from '../../queue/errors.ts';
import { type Answered, readAnswer } from './diagnose.ts';
import { accusation } from './verify.ts';
import { clusterOf, type Work } from './work.ts';

const BUSY_MS = 15_000;
/** An answer is not made anew sooner, however often the trouble changes its looks. */
const ANSWER_AGAIN_MS = 60_000;
/** And at least so often while it lasts: the same exit code may have another cause. */
const ANSWER_OLD_MS = 20 * 60_000;

export async function recheckJob(
  work: Work,
  state: IncidentState,
  { round }: { round: number },
  signal: AbortSignal,
): Promise<void> {
  if (isOver(state) || round !== state.life.look.round || state.life.look.dueAt === '') return;
  // Somebody is at work on it: what they do is watched by whoever does it.
  if (!['diagnosed', 'not-recovered', 'recovered'].includes(state.phase)) throw new Later(BUSY_MS);
  const cluster = clusterOf(work, state);
  const seen = cluster
    ? await lookAgain(work, cluster, state, signal)
    : { look: unread('its cluster is not configured') };
  await work.tell(state.id, { type: 'looked', round, mention: mentionNow(work, state), ...seen });
}

/** Whom news may call up now: the rule is asked afresh, so that quiet hours are kept. */
function mentionNow(work: Work, { life }: IncidentState): string {
  const rule = work.policy().route.find(({ name }) => name === life.route.rule);
  return rule ? mentionOf(rule, new Date(work.now()).toISOString()) : '';
}

type Seen = { look: Look; still?: Still } & Partial<Answered>;

const unread = (words: string): Look => ({ is: 'unread', words, mark: '', soonSeconds: 0 });

async function lookAgain(work: Work, cluster: Cluster, state: IncidentState, signal: AbortSignal): Promise<Seen> {
  try {
    const look = await cheapLook(work, cluster, state);
    if (look.is === 'recovered') return await believed(work, cluster, state, look, signal);
    if (look.is !== 'broken' || !isAnswerDue(state, look, work.now())) return { look };
    const answered = await readAnswer(work, cluster, targetOf(state), signal);
    if (!answered) return { look };
    const news = again(state.report, answered.report);
    return 'report' in news ? { look, ...answered } : { look, ...news };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { look: unread(error.message) };
  }
}

async function cheapLook(work: Work, cluster: Cluster, state: IncidentState): Promise<Look> {
  const { namespace, workload, pod } = targetOf(state);
  const kind = workload?.kind ?? 'Pod';
  const what = `${kind} ${workload?.name ?? pod ?? ''}`;
  const hasRecovered = state.phase === 'recovered';
  const brokenAt = state.report?.status.now || state.life.openedAt;
  const recoveredAt = state.life.ended?.at || state.operation?.outcome?.at || brokenAt;
  const lived = state.report?.status.livedForSeconds ?? null;
  const since = {
    at: hasRecovered ? recoveredAt : brokenAt,
    hasRecovered,
    steadySeconds: steadySecondsNow(state, steadySecondsFor(lived, work.config.steadySeconds)),
  };
  if (workload && (kind === 'Job' || kind === 'CronJob'))
    return lookFromRuns(await readRuns(cluster, { namespace, kind, name: workload.name }), what, since);
  // Objects of other kinds cannot be read: their pod is all there is to look at.
  const target = workload && !kindNamed(kind) ? { namespace, pod } : { namespace, workload, pod };
  return lookFrom(await observe(cluster, target, since.at), what, since);
}

/** What looks recovered is read once more in whole: no cause may stand, and the words that named it may not be said again. */
async function believed(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  look: Look,
  signal: AbortSignal,
): Promise<Seen> {
  const kind = state.target?.workload?.kind ?? '';
  if (kind === 'Job' || kind === 'CronJob') return { look };
  const answered = await readAnswer(work, cluster, { ...targetOf(state), pod: undefined }, signal);
  const waiting = (words: string): Seen => ({ look: { ...look, is: 'waiting', words, soonSeconds: 30 } });
  if (!answered) return waiting('it is read again');
  const { status, logExcerpt } = answered.report;
  if (!['healthy', 'recovered'].includes(status.state)) return waiting(`it is ${status.state}`);
  const proof = accusation(state.report);
  const newest = logExcerpt.filter((line) => line.at.startsWith('log.current')).map((line) => line.text);
  return proof && saysAgain(proof, newest.join('\n')) ? waiting('it says the same again') : { look };
}

function isAnswerDue(state: IncidentState, look: Look, nowMs: number): boolean {
  const { answeredAt, mark } = state.life.look;
  const age = nowMs - Date.parse(answeredAt);
  if (state.phase === 'recovered' || !Number.isFinite(age)) return true;
  const isChanged = mark !== '' && look.mark !== '' && look.mark !== mark;
  return age > ANSWER_OLD_MS || (isChanged && age > ANSWER_AGAIN_MS);
}

function targetOf(state: IncidentState): NonNullable<IncidentState['target']> {
  if (!state.target) throw new Error('an incident that is looked at again has a target');
  return state.target;
}
