// Corrects a probe from what was observed: the port on which the program listens, the scheme it speaks, the time it
// takes. A path or a command that nobody has seen working is not guessed.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import type { Plan, Refusal } from '../core/plan.ts';
import { changeByEdits } from './edit.ts';
import { declaredPort, path, port, scheme } from './probe-address.ts';
import { byHand, type Case, type Fix, type ProbeName } from './probe-case.ts';
import { startup, timeout } from './probe-time.ts';
import { type Changeable, changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

export default defineAction({
  id: 'fix-probe',
  title: 'Correct the probe',
  risk: 'medium',
  permissions: TEMPLATE_PERMISSIONS,
  plan: planFix,
  change: changeByEdits,
  undo: undoByEdits,
});

function planFix(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A corrected probe');
  if ('refusal' in found) return found;
  const { detail } = input.cause;
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  const name = (detail.probe || 'liveness') as ProbeName;
  const probe = container && known(container.probes[name]);
  if (!container || !probe)
    return { refusal: `The ${name} probe of ${input.cause.container} was not read. Diagnose again.` };
  const at = [listOf(container), `name=${container.name}`, `${name}Probe`];
  const fix = fixFor({ container, name, probe, detail, at, input }, found);
  if ('refusal' in fix) return fix;
  return templatePlan(input, found, {
    action: 'fix-probe',
    risk: 'medium',
    container: container.name,
    undo: 'Set the former values again.',
    ...fix,
    diff: fix.diff.join('\n'),
  });
}

function fixFor(one: Case, found: Changeable): Fix | Refusal {
  switch (one.input.cause.cause) {
    case 'probe-wrong-port':
      return port(one, found);
    case 'probe-wrong-scheme':
      return scheme(one, found);
    case 'probe-timeout':
      return timeout(one);
    case 'probe-too-early':
      return startup(one);
    case 'probe-wrong-path':
    case 'readiness-probe-failing':
      return path(one, found);
    case 'probe-auth-required':
      return byHand(
        one,
        found,
        `${one.container.name} asks for credentials at ${one.probe.path ?? 'that path'}, and a probe must not hold any. Ask a path that is open, or only whether the port answers`,
        { httpGet: null, tcpSocket: { port: one.probe.port ?? 0 } },
      );
    case 'probe-command-broken':
      return byHand(
        one,
        found,
        `What ${one.container.name} has instead of ${one.detail.command ?? 'that command'} is not known. Ask whether its port answers`,
        { exec: null, tcpSocket: { port: declaredPort(one.container) ?? 'PORT' } },
      );
    default:
      return {
        refusal: `The probe is honest: what stands behind it fails. Cure that; a liveness probe should not ask for what a restart cannot cure.`,
      };
  }
}
