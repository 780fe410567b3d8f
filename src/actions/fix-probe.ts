// Corrects a probe from what was observed: the port on which the program listens, the scheme it speaks, the time it
// takes. A path or a command that nobody has seen working is not guessed.

import { defineAction, type Edit, type Plan, type PlanInput, type Refusal } from '../core/action.ts';
import type { ContainerEvidence, Probe } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import type { Json } from '../core/json.ts';
import { patchCommand } from './by-hand.ts';
import { changeByEdits } from './edit.ts';
import { type Changeable, changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

type ProbeName = 'liveness' | 'readiness' | 'startup';

/** A slow answer is given at least this long. Seconds. */
const TIMEOUT_SECONDS = 5;
/** A start of unknown length is given this long; it costs nothing, for the first success ends it. Seconds. */
const STARTUP_SECONDS = 300;
const STARTUP_PERIOD_SECONDS = 10;

export default defineAction({
  id: 'fix-probe',
  title: 'Correct the probe',
  risk: 'medium',
  permissions: TEMPLATE_PERMISSIONS,
  plan: planFix,
  change: changeByEdits,
  undo: undoByEdits,
});

interface Fix {
  title: string;
  edits: Edit[];
  diff: string[];
  effect: string;
  warnings?: string[];
}

interface Case {
  container: ContainerEvidence;
  name: ProbeName;
  probe: Probe;
  detail: { [name: string]: string };
  /** Path to the probe in the template. */
  at: string[];
  input: PlanInput;
}

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

/** The field of httpGet, tcpSocket or grpc. */
const inHandler = ({ at, probe }: Case, field: string): string[] => [...at, probe.type, field];

const setLine = ({ container, name }: Case, field: string, from: Json | undefined, to: Json): string =>
  `~ ${container.name}: ${name} probe ${field} ${from ?? 'unset'} → ${to}`;

function port(one: Case, found: Changeable): Fix | Refusal {
  const { detail, probe, name, container } = one;
  const to = Number(detail.listenPort ?? detail.declaredPort);
  if (!(to > 0 && to < 65_536))
    return byHand(
      one,
      found,
      `On which port ${container.name} listens is not known. Look with ss -ltn in a copy of the pod, then`,
      {
        [probe.type]: { port: 'PORT' },
      },
    );
  const from = probe.portName ?? probe.port;
  return {
    title: `Point the ${name} probe at port ${to}`,
    edits: [{ at: inHandler(one, 'port'), ...(from === undefined ? {} : { from }), to }],
    diff: [setLine(one, 'port', from, to)],
    effect: `The ${name} probe of ${container.name} asks port ${to}, ${detail.listenPort ? 'where the program says that it listens' : 'the one that it declares'}.`,
  };
}

function scheme(one: Case, found: Changeable): Fix | Refusal {
  const { detail, probe, name, container } = one;
  const to = detail.scheme;
  if (probe.type !== 'httpGet' || (to !== 'HTTP' && to !== 'HTTPS'))
    return byHand(
      one,
      found,
      `${container.name} does not speak what the ${name} probe speaks. Ask whether the port answers`,
      {
        [probe.type]: null,
        tcpSocket: { port: probe.port ?? 'PORT' },
      },
    );
  const from = probe.scheme ?? 'HTTP';
  return {
    title: `Let the ${name} probe speak ${to}`,
    edits: [{ at: inHandler(one, 'scheme'), from, to }],
    diff: [setLine(one, 'scheme', from, to)],
    effect: `The ${name} probe of ${container.name} speaks ${to}; the kubelet does not check the certificate.`,
  };
}

function timeout(one: Case): Fix {
  const { probe, name, container, at } = one;
  const from = probe.timeoutSeconds;
  const to = Math.max(TIMEOUT_SECONDS, from * 2);
  return {
    title: `Give the ${name} probe ${to} s to answer`,
    edits: [{ at: [...at, 'timeoutSeconds'], from, to }],
    diff: [setLine(one, 'timeoutSeconds', from, to)],
    effect: `The ${name} probe of ${container.name} waits up to ${to} s for an answer instead of ${from} s.`,
    warnings: [
      'A slow answer has a cause of its own, often too little CPU: look at it before it takes longer than this too.',
    ],
  };
}

/** A startupProbe holds liveness back until the first success, however long that takes. */
function startup(one: Case): Fix | Refusal {
  const { probe, name, container, detail, at } = one;
  const seconds = Number(detail.startupSeconds) || 0;
  const allowed = Math.max(seconds * 3, STARTUP_SECONDS);
  const observed = seconds > 0 ? `it was seen to need ${seconds} s` : 'how long it needs is not known';
  if (name === 'startup') {
    const to = Math.ceil(allowed / probe.periodSeconds);
    return {
      title: `Give the start ${allowed} s`,
      edits: [{ at: [...at, 'failureThreshold'], from: probe.failureThreshold, to }],
      diff: [setLine(one, 'failureThreshold', probe.failureThreshold, to)],
      effect: `${container.name} may take up to ${allowed} s to start; ${observed}.`,
    };
  }
  if (container.probes.startup.state !== 'absent')
    return {
      refusal: `${container.name} has a startupProbe already. Raise its failureThreshold above the time of a slow start.`,
    };
  const handler = handlerOf(probe);
  if (!handler)
    return {
      refusal: `Give ${container.name} a startupProbe with the command of its ${name} probe and failureThreshold ${allowed / STARTUP_PERIOD_SECONDS}, periodSeconds ${STARTUP_PERIOD_SECONDS}; ${observed}.`,
    };
  const to: Json = {
    ...handler,
    periodSeconds: STARTUP_PERIOD_SECONDS,
    failureThreshold: Math.ceil(allowed / STARTUP_PERIOD_SECONDS),
    successThreshold: 1,
    timeoutSeconds: Math.max(1, probe.timeoutSeconds),
  };
  return {
    title: `Allow ${allowed} s for the start`,
    edits: [{ at: [...at.slice(0, -1), 'startupProbe'], to }],
    diff: [`+ ${container.name}: startupProbe like the ${name} probe, up to ${allowed} s`],
    effect: `The ${name} probe of ${container.name} begins only after its first answer, which may take ${allowed} s; ${observed}.`,
  };
}

/** What the probe asks, where it is only a port and a path. */
function handlerOf(probe: Probe): { [type: string]: Json } | undefined {
  const port = probe.portName ?? probe.port;
  if (port === undefined) return undefined;
  if (probe.type === 'httpGet') return { httpGet: { path: probe.path ?? '/', port, scheme: probe.scheme ?? 'HTTP' } };
  if (probe.type === 'tcpSocket') return { tcpSocket: { port } };
  return undefined;
}

/** Another probe of the same container that asks the same port with success shows a path that works. */
function path(one: Case, found: Changeable): Fix | Refusal {
  const { container, probe, name } = one;
  const ready = known(container.ready) === true;
  const other = (['readiness', 'startup', 'liveness'] as const)
    .map((each) => ({ each, probe: known(container.probes[each]) }))
    .find(
      (o) =>
        o.each !== name &&
        ready &&
        o.probe?.path !== undefined &&
        o.probe.path !== probe.path &&
        o.probe.port === probe.port,
    );
  const to = other?.probe?.path;
  if (!to || probe.type !== 'httpGet')
    return byHand(
      one,
      found,
      `Which path of ${container.name} answers 200 is not known: ${probe.path ?? '/'} does not. Once you know it`,
      { httpGet: { path: 'PATH' } },
    );
  return {
    title: `Point the ${name} probe at ${to}`,
    edits: [{ at: inHandler(one, 'path'), from: probe.path ?? '/', to }],
    diff: [setLine(one, 'path', probe.path, to)],
    effect: `The ${name} probe of ${container.name} asks ${to}, as its ${other.each} probe does with success.`,
  };
}

function declaredPort(container: ContainerEvidence): number | undefined {
  const [only, ...more] = known(container.ports) ?? [];
  return more.length === 0 ? only?.containerPort : undefined;
}

/** The exact change for a person, as a patch that only lacks what nobody could read. */
function byHand({ container, name, at, input }: Case, { workload }: Changeable, why: string, probe: Json): Refusal {
  const [list = 'containers'] = at;
  const podSpec = { [list]: [{ name: container.name, [`${name}Probe`]: probe }] };
  return { refusal: `${why}: ${patchCommand(workload, input.evidence.namespace, podSpec)}` };
}
