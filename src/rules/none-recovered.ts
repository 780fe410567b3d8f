// It crashed, it runs now. lastState stays for ever, so an old crash must not be told as a new one.

import { casesOf } from '../core/case.ts';
import { cite, known } from '../core/fact.ts';
import { defineRule, holds } from '../core/rule.ts';

export default defineRule({
  id: 'none-recovered',
  title: 'Recovered by itself',
  explains: ['recovered'],
  judge: (evidence) => {
    const cases = casesOf(evidence);
    if (!cases.every((k) => k.symptom === 'healthy' || k.symptom === 'recovered')) return [];
    return cases
      .filter((k) => k.symptom === 'recovered')
      .map((k) => {
        const exit = known(k.exit);
        const state = known(k.container.state);
        const since = state?.is === 'running' ? state.startedAt : '';
        const restarts = known(k.container.restartCount) ?? 1;
        return holds(k, {
          // Without its log a race with another container of the pod, which comes back, cannot be told from an accident.
          strength: k.container.logs.previous.state === 'unread' && evidence.containers.length > 1 ? 'sign' : 'proof',
          summary: `${k.container.name} runs${since ? '' : ' again'}; it ended ${restarts === 1 ? 'once' : `${restarts} times`}${exit ? `${restarts === 1 ? '' : ', last'} at ${exit.finishedAt} with exit ${exit.exitCode}` : ''}${since ? `, and is steady since ${since}` : ''}`,
          evidence: [
            ...cite(k.container.state, since ? `running since ${since}` : 'running', '.running.startedAt'),
            ...(exit ? cite(k.exit, `${exit.reason}, exit code ${exit.exitCode}`) : []),
            ...(k.container.logs.previous.state === 'seen' ? k.lastWords : [])
              .slice(-2)
              .map((l) => ({ source: 'log' as const, at: `${k.log.at}:${l.n}`, text: l.raw.trim() })),
          ],
        });
      });
  },
  doc: {
    looksAt: 'how long the container runs since its last end, and whether it is ready',
    means:
      'The container ended before, started again and has outlived its former runs. Its last state keeps the old failure for ever.',
    fix: 'Nothing to do now. If it comes back, the last words of that run are shown.',
    prevention:
      'Keep the last words of single crashes (logs shipped off the node, terminationMessagePolicy: FallbackToLogsOnError): they are the early sign of the next one.',
    notThis: 'A container that only happens to run between two crashes.',
  },
});
