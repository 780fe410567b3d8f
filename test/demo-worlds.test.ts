// Every recording of the demo, played as somebody on call would play it: command, card, remedy, approval, outcome, undo.
// A right change recovers, a wrong one goes on crashing with the same words, and whatever has no button is told in words.

import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoRecordings } from '../src/demo/recordings.ts';
import { ANN, BOB, startWorlds, type Worlds } from './support/demo-worlds.ts';

/** What is pressed, and what the card says in the end; then, with `undo`, how it stands after that was taken back. */
interface Deed {
  press: RegExp;
  ends: RegExp;
  undo?: RegExp;
}

interface Play {
  /** The card, when it has answered. */
  card: RegExp;
  deeds?: Deed[];
  /** What the thread says where no button helps. */
  words?: RegExp[];
}

const CRASHES_AGAIN = /does not run · undo/;
const RUNS = /recovered at/;
const NOT_THE_CURE = /was not the cure/;

const PLAYS: { [recording: string]: Play } = {
  'bad-rollout-env-removed': {
    card: /AVATAR_BUCKET[\s\S]*Began with revision 2/,
    deeds: [{ press: /^Roll back to revision 1$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'bad-rollout-image': {
    card: /TTLCache[\s\S]*3\.8\.0/,
    deeds: [{ press: /^Roll back to revision 1$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'bare-pod-crash': {
    card: /UnicodeDecodeError[\s\S]*bare pod without a controller/,
    words: [/kubectl replace --force -f pod\.yaml/],
  },
  'command-not-found-path': {
    card: /cannot start[\s\S]*\/app\/bin\/orders-server[\s\S]*Correct the command/,
    words: [/kubectl set image deployment\/orders/],
  },
  'config-key-renamed-optional': {
    card: /db-host[\s\S]*there is `?db_host/,
    deeds: [{ press: /^Read db_host/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'config-malformed-nginx': {
    card: /unknown directive "proxy_pas"[\s\S]*ConfigMap edge-nginx/,
    words: [/kubectl edit configmap edge-nginx -n edge-proxy/],
  },
  'config-missing-env-node': {
    card: /STRIPE_API_KEY[\s\S]*Set STRIPE_API_KEY/,
    words: [/Helm release subscription-web/, /kubectl set env deployment\/subscription-web/],
  },
  'configmap-edited-later': {
    card: /banner\.json[\s\S]*Restart will not help/,
    words: [/kubectl edit configmap banner-config/, /going back changes nothing/],
  },
  'daemonset-bad-update': {
    card: /NODE_NAME[\s\S]*Began with revision 2/,
    deeds: [{ press: /^Roll back to revision 1$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'dependency-refused-postgres': {
    card: /without ledger-db, and that is down[\s\S]*scaled to 0[\s\S]*only when ledger-db is back/,
    words: [/kubectl scale statefulset\/ledger-db -n billing-ledger --replicas=1/],
  },
  healthy: { card: /currency-api runs[\s\S]*Nothing crashed/ },
  'image-pull-bad-tag': {
    card: /cannot pull its image[\s\S]*v3\.99\.0/,
    words: [/kubectl set image deployment\/storefront/],
  },
  'liveness-delay-too-short': {
    card: /liveness probe[\s\S]*still starting/,
    deeds: [{ press: /^Allow 300 s for the start$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'liveness-wrong-port': {
    card: /8081[\s\S]*8080/,
    deeds: [{ press: /^Point the liveness probe at port 8080$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'multi-container-one-oom': {
    card: /feature-cache ran out of memory[\s\S]*100Mi/,
    deeds: [
      { press: /^Memory limit to 200Mi$/, ends: NOT_THE_CURE },
      { press: /^Memory limit to 400Mi$/, ends: RUNS },
    ],
  },
  'oom-leak-later': {
    card: /ran out of memory[\s\S]*128Mi/,
    deeds: [{ press: /^Memory limit to 256Mi$/, ends: NOT_THE_CURE }],
  },
  'oom-startup-python': {
    card: /ran out of memory[\s\S]*160Mi/,
    deeds: [{ press: /^Memory limit to 320Mi$/, ends: RUNS, undo: CRASHES_AGAIN }],
  },
  'recovered-single-crash': { card: /geoip runs[\s\S]*crashed once[\s\S]*steady for/ },
  'secret-missing-envref': {
    card: /invoice-db-credentials[\s\S]*does not exist/,
    words: [/kubectl create secret generic invoice-db-credentials -n billing-core/],
  },
  'segfault-c': {
    card: /SIGSEGV[\s\S]*Restart will not help/,
    words: [/kubectl set image deployment\/edge-router/],
  },
  'silent-exit': {
    card: /exits with code 1 and says nothing[\s\S]*I do not know yet/,
    deeds: [{ press: /^Start a sleeping copy$/, ends: /kubectl exec -it gift-cards-\S+-copy-\w+ -n gift-cards/ }],
  },
  'statefulset-redis-corrupt-aof': {
    card: /stored data damaged[\s\S]*Copy the volume/,
    words: [/Restart will not help/],
  },
};

let worlds: Worlds;
beforeAll(async () => {
  // Much faster, and a program would live shorter than its own probe needs to have it killed.
  worlds = await startWorlds(demoRecordings(), { clockSpeed: 8 });
});
afterAll(() => worlds?.stop());

test('every recording of the demo is played', () => {
  expect(demoRecordings().map((dir) => basename(dir))).toEqual(Object.keys(PLAYS).sort());
});

test.concurrent.each(Object.entries(PLAYS))(
  '%s',
  async (name, { card, deeds = [], words = [] }) => {
    const incident = await worlds.in(name);
    await incident.type(`/crashloop ${incident.workload}`);
    await incident.cardSays(card);
    const thread = await incident.thread();
    const { rootCause, alsoAccept = [] } = incident.truth;
    const [, cause = 'unknown'] = /^(?:confirmed|likely|possible) · (\S+)/.exec(thread) ?? [];
    expect([rootCause, ...alsoAccept]).toContain(cause);
    for (const said of words) expect(thread).toMatch(said);
    if (deeds.length === 0) expect(incident.buttons()).toEqual(['Diagnose again']);

    for (const [index, { press, ends, undo }] of deeds.entries()) {
      if (index > 0) await incident.press(/^Diagnose again$/);
      await incident.press(press);
      await incident.press(/^Approve$/, BOB);
      await incident.cardSays(ends);
      if (ends !== RUNS) expect(incident.card()).not.toMatch(RUNS);
      if (!undo) continue;
      await incident.press(/^Undo…$/);
      await incident.press(/^Approve$/, BOB);
      await incident.cardSays(undo);
    }
    for (const message of incident.all(ANN)) expect(worlds.slack.pings(message).broadcasts).toEqual([]);
  },
  420_000,
);
