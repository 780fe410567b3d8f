// The numeric user has no entry in the image, or may not do what the entrypoint must do as root.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule, eachCase, holds, type Judgement } from '../core/rule.ts';
import { droppedCapabilities } from './reading/capabilities.ts';
import { citeEvent } from './reading/events.ts';
import { pathOfHit, placeOf, userOf } from './reading/paths.ts';
import { details, type Said, saidBy } from './reading/said.ts';
import { NOT_PERMITTED } from './vocabulary/denied.ts';

const UNKNOWN_USER = signTable([
  {
    who: 'PostgreSQL',
    pattern: /could not look up (?:local |effective )?user ID (?<uid>\d+)|could not look up effective user/i,
  },
  {
    who: 'whoami, id, ssh, git',
    pattern:
      /cannot find name for user ID (?<uid>\d+)|You don't exist, go away|No user exists for uid (?<uid2>\d+)|unknown user ?id:? (?<uid3>\d+)/i,
  },
  {
    who: 's6-overlay, which wants root or a /run of its own',
    pattern: /belongs to uid \d+ instead of (?<wanting>\d+), has insecure/,
  },
  { who: 'Python getpass, pwd', pattern: /getpwuid\(\): uid not found: (?<uid>\d+)/i },
  { who: 'Go os/user', pattern: /user: unknown userid (?<uid>\d+)|user: Current (?:requires cgo|not implemented)/i },
  {
    who: 'Java, Hadoop, Spark',
    pattern:
      /UnixLoginModule.{0,80}|LoginException: .{0,60}(?:invalid null input: name|NullPointerException)|unable to (?:find|get) (?:the )?current user/i,
  },
  { who: 'Node.js', pattern: /ENOENT.{0,40}uv_os_get_passwd|uv_os_get_passwd returned ENO/ },
  {
    who: 'nginx, Apache, MySQL, haproxy: a user named in the configuration',
    pattern:
      /getpwnam\("(?<user>[^"]+)"\) failed|bad user name (?<user2>\S+)|Can't change to run as user '(?<user3>[^']+)'|unable to find user (?<user4>\S+?)(?::|$)|cannot get [ug]id for (?:user|group) '(?<user5>[^']+)'/i,
  },
  {
    who: 'entrypoints',
    pattern: /(?:user|uid) ['"]?(?<uid>\d+)['"]? (?:does not exist|not found|has no (?:entry|passwd))/i,
  },
]);

// CreateContainerError: unable to find user app: no matching entries in passwd file; failed to get user: no users found
const RUNTIME =
  /unable to find (?:user|group) (?<user>[^\s:]+)|no matching entries in (?:passwd|group) file|no users found|invalid (?:user|uid)|linux spec user: /i;

export default defineRule({
  id: 'run-as-user-unknown',
  title: 'The image does not know the user',
  explains: ['crash-loop', 'cannot-start', 'unread'],
  causes: ['application-error', 'init-script-failed'],
  actions: ['fix-security-context', 'rollback'],
  byHand:
    'Run {container} as a user that exists in the image, or add {user|this one} to its /etc/passwd when it is built.',
  judge: (evidence) =>
    eachCase(evidence, ['crash-loop', 'cannot-start', 'unread'], (k): Judgement | undefined => {
      const { citation } = userOf(k);
      return (
        atCreation(k) ??
        saidBy(k, UNKNOWN_USER, (hit) => {
          const g = hit.groups;
          if (g.wanting) return mayNot(k, g.wanting, { citation });
          const user = g.uid ?? g.uid2 ?? g.uid3 ?? g.user ?? g.user2 ?? g.user3 ?? g.user4 ?? g.user5 ?? '';
          return {
            summary: `${k.container.name} runs as user ${user || 'that has no name'}, and the image has no entry for it`,
            detail: details({ user: user && `user ${user}`, uid: /^\d+$/.test(user) ? user : undefined }),
            more: citation,
          };
        }) ??
        saidBy(k, NOT_PERMITTED, (hit) => {
          const { uid } = userOf(k);
          const path = pathOfHit(hit);
          if (!uid || droppedCapabilities(k).length > 0 || (path !== '' && placeOf(path, k, evidence).mount))
            return undefined;
          return { strength: 'sign', ...mayNot(k, uid, { path, citation }) };
        })
      );
    }),
  doc: {
    looksAt: 'the last words of the program, the runtime when it creates the container, runAsUser',
    means:
      'securityContext or the image asks for a user that /etc/passwd of the image does not hold, and the program needs its name or its rights.',
    fix: 'Use the numeric user that the image was built for, or add the user when the image is built.',
    prevention:
      'Take runAsUser from the image (USER in its Dockerfile) instead of a number that fits all, and start the image as {user|that user} in the pipeline.',
    notThis:
      'A file that the user may not read is file-permission-denied; runAsNonRoot that refuses root is run-as-non-root-violation.',
  },
});

function mayNot(
  k: ContainerCase,
  uid: unknown,
  { path = '', citation }: { path?: string; citation: Citation[] },
): Said {
  return {
    summary: `${k.container.name} runs as user ${uid}, which may not do what its entrypoint does as root`,
    detail: details({ user: `user ${uid}`, uid: String(uid), path }),
    more: citation,
  };
}

function atCreation(k: ContainerCase): Judgement | undefined {
  if (k.symptom !== 'cannot-start') return undefined;
  const state = known(k.container.state);
  const exit = known(k.exit);
  const event = k.events.findLast((e) => e.reason === 'Failed' && RUNTIME.test(e.message));
  const [message, said] =
    state?.is === 'waiting' && RUNTIME.test(state.message)
      ? [state.message, cite(k.container.state, state.message, '.waiting.message')]
      : exit && RUNTIME.test(exit.message)
        ? [exit.message, cite(k.exit, exit.message, '.message')]
        : [event?.message ?? '', []];
  const match = RUNTIME.exec(message);
  if (!match) return undefined;
  const { citation, uid } = userOf(k);
  const user = match.groups?.user ?? (uid === undefined ? '' : String(uid));
  return holds(k, {
    strength: 'proof',
    summary: `the runtime cannot create ${k.container.name}: its image has no user ${user || 'of that name'}`,
    evidence: [...said, ...(event ? [citeEvent(event)] : []), ...citation],
    detail: details({ container: k.container.name, user: user && `user ${user}` }),
  });
}
