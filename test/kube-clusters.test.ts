// Opening a cluster as kubectl would, keeping its connections, and saying in one sentence what is wrong when it cannot be asked.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeServerIdentity } from '../src/demo/cluster/certificate.ts';
import { openCluster } from '../src/kube/clusters.ts';
import { kubeError } from '../src/kube/errors.ts';
import { pods } from '../src/kube/kinds.ts';
import { getObject, listObjects } from '../src/kube/objects.ts';
import { readable } from '../src/kube/words.ts';
import { kubeconfigFor, opener, recordedCluster, serverThat } from './support/cluster.ts';

const pod = { resource: pods, namespace: 'shop', name: 'api-1' };
const asJson = { 'content-type': 'application/json' };
const aPod = JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'api-1', namespace: 'shop' } });

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'loopbreaker-kubeconfig-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function problemOf(work: () => unknown): Promise<{ sentence: string; kind: string }> {
  try {
    await work();
  } catch (error) {
    return { sentence: readable(error), kind: kubeError(error).kind };
  }
  throw new Error('nothing went wrong');
}

describe('kubeconfigs are read as kubectl reads them', () => {
  const file = (name: string, server: string, current = name): string =>
    JSON.stringify({
      clusters: [
        { name, cluster: { server } },
        { name: 'shared', cluster: { server } },
      ],
      users: [{ name, user: { token: name } }],
      contexts: [
        { name, context: { cluster: name, user: name } },
        { name: `${name}-shared`, context: { cluster: 'shared', user: name, namespace: 'shop' } },
      ],
      'current-context': current,
    });

  test('of several files the first that sets a name or the current context wins, and missing files are passed over', () => {
    const dir = folder();
    writeFileSync(join(dir, 'a'), file('a', 'https://a.test', ''));
    writeFileSync(join(dir, 'b'), file('b', 'https://b.test'));
    const kubeconfig = [join(dir, 'gone'), join(dir, 'a'), join(dir, 'b')].join(delimiter);
    const current = openCluster({ alias: 'x', kubeconfig });
    expect([current.context, current.server, current.namespace]).toEqual(['b', 'https://b.test', 'default']);
    const shared = openCluster({ alias: 'x', kubeconfig, context: 'b-shared' });
    expect([shared.server, shared.namespace]).toEqual(['https://a.test', 'shop']);
  });

  test('an unknown context is answered with the contexts there are', async () => {
    const { sentence } = await problemOf(() =>
      openCluster({ alias: 'x', kubeconfig: file('\na'.trim(), 'https://a.test'), context: 'prod' }),
    );
    expect(sentence).toBe('There is no context "prod" in the kubeconfig. It has: a, a-shared.');
  });

  test('no kubeconfig at all names the places that were looked at and the cure', async () => {
    const { sentence } = await problemOf(() => openCluster({ alias: 'x', kubeconfig: '/nowhere/config' }));
    expect(sentence).toBe('No kubeconfig found (looked at /nowhere/config). Set KUBECONFIG, or try: npm run demo');
  });

  test('text that is no kubeconfig, a missing pod token and unsupported impersonation are each one sentence', async () => {
    expect((await problemOf(() => openCluster({ alias: 'x', kubeconfig: 'a: [\n' }))).sentence).toContain(
      'is not a kubeconfig',
    );
    expect((await problemOf(() => openCluster({ alias: 'x', inCluster: true }))).sentence).toContain(
      'no service account token',
    );
    const groups = kubeconfigFor('https://a.test', '', { token: 't', as: 'ann', 'as-groups': ['ops'] });
    expect((await problemOf(() => openCluster({ alias: 'x', kubeconfig: groups }))).sentence).toContain('as-groups');
  });

  test('a token file is read, also by a relative path', async () => {
    const seen: (string | undefined)[] = [];
    const identity = makeServerIdentity();
    const { url } = await serverThat((request, response) => {
      seen.push(request.headers.authorization);
      response.end(aPod);
    });
    const dir = folder();
    writeFileSync(join(dir, 'token'), 'from-the-file');
    const config = JSON.parse(kubeconfigFor(url, identity.caPem, { tokenFile: 'token' }));
    config.clusters[0].cluster = { server: url, 'insecure-skip-tls-verify': true };
    writeFileSync(join(dir, 'config'), JSON.stringify(config));
    await getObject(opener(join(dir, 'config'))(), pod);
    expect(seen).toEqual(['Bearer from-the-file']);
  });
});

describe('connections', () => {
  test('200 reads one after another need two TLS connections at most', async () => {
    const cluster = await recordedCluster(['oom-startup-python']);
    const open = cluster.open();
    for (let i = 0; i < 200; i++) await listObjects(open, pods, undefined);
    expect(cluster.connections()).toBeLessThanOrEqual(2);
  });

  test('200 reads at once share a few, and a second round opens none', async () => {
    const cluster = await recordedCluster(['oom-startup-python']);
    const open = cluster.open();
    const all = () => Promise.all(Array.from({ length: 200 }, () => listObjects(open, pods, undefined)));
    await all();
    const first = cluster.connections();
    expect(first).toBeLessThanOrEqual(8);
    await all();
    expect(cluster.connections()).toBe(first);
  });

  test('a renewed CA file is used for the next read', async () => {
    const server = await serverThat((_, response) => response.end(aPod));
    const dir = folder();
    writeFileSync(join(dir, 'ca.pem'), makeServerIdentity().caPem);
    const config = JSON.parse(kubeconfigFor(server.url, ''));
    config.clusters[0].cluster = { server: server.url, 'certificate-authority': 'ca.pem' };
    writeFileSync(join(dir, 'config'), JSON.stringify(config));
    const cluster = opener(join(dir, 'config'))();
    expect((await problemOf(() => getObject(cluster, pod))).sentence).toContain('does not match the CA');
    writeFileSync(join(dir, 'ca.pem'), server.caPem);
    expect((await getObject(cluster, pod)).metadata.name).toBe('api-1');
  });

  test('a redirect to another address is not followed', async () => {
    let visited = false;
    const elsewhere = await serverThat((_, response) => {
      visited = true;
      response.end(aPod);
    });
    const server = await serverThat((_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/api/v1/namespaces/shop/pods/api-1` }).end();
    });
    const { sentence } = await problemOf(() => getObject(server.open(), pod));
    expect(sentence).toContain('could not be asked');
    expect(visited).toBe(false);
  });

  test('a name that would change the path never reaches the network', async () => {
    let asked = 0;
    const server = await serverThat((_, response) => {
      asked++;
      response.end(aPod);
    });
    const cluster = server.open();
    for (const name of ['..', '../secrets/db', 'a/b', 'a?b', 'a#b', '%2e%2e', ''])
      expect((await problemOf(() => getObject(cluster, { ...pod, name }))).sentence).toContain('Kubernetes name');
    expect(asked).toBe(0);
  });
});

describe('what a person reads when the API server cannot be asked', () => {
  const status = (code: number, reason: string, message: string, name?: string): string =>
    JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message, details: name ? { name } : {} });

  test.each([
    {
      what: 'no permission',
      code: 403,
      body: status(
        403,
        'Forbidden',
        'pods "api-1" is forbidden: User "system:serviceaccount:bots:reader" cannot get resource "pods" in API group "" in the namespace "shop"',
        'api-1',
      ),
      kind: 'forbidden',
      sentence:
        'Not permitted (403): get pods in shop; grant it with: kubectl create role loopbreaker-pods --verb=get --resource=pods -n shop && kubectl create rolebinding loopbreaker-pods --role=loopbreaker-pods --serviceaccount=bots:reader -n shop.',
    },
    {
      what: 'no such pod',
      code: 404,
      body: status(404, 'NotFound', 'pods "api-1" not found', 'api-1'),
      kind: 'not-found',
      sentence: 'Nothing named "api-1" among the pods in shop.',
    },
    {
      what: 'an API that is not served',
      code: 404,
      body: '404 page not found\n',
      kind: 'not-served',
      sentence: 'Cluster test does not serve pods (404).',
    },
    {
      what: 'bad credentials',
      code: 401,
      body: status(401, 'Unauthorized', 'Unauthorized'),
      kind: 'unauthorised',
      sentence: 'Cluster test does not accept the credentials of its kubeconfig (401); log in again or renew them.',
    },
    {
      what: 'an admission webhook that says no',
      code: 403,
      body: status(403, 'Forbidden', 'admission webhook "policy.test" denied the request: no'),
      kind: 'refused',
      sentence: 'The cluster test refused it (403): admission webhook "policy.test" denied the request: no.',
    },
    {
      what: 'a proxy that says no',
      code: 403,
      body: '<html>Forbidden</html>',
      kind: 'not-kubernetes',
      sentence:
        'Something between here and the API server answers 403; check the address of cluster test in its kubeconfig.',
    },
    {
      what: 'a web page',
      code: 200,
      body: '<!doctype html><title>Log in</title>',
      kind: 'not-kubernetes',
      sentence:
        'A web page answered instead of a Kubernetes API server; check the address of cluster test in its kubeconfig.',
    },
    {
      what: 'half an answer',
      code: 200,
      body: aPod.slice(0, 30),
      kind: 'not-kubernetes',
      sentence: 'The answer broke off or is not JSON; check the address of cluster test in its kubeconfig.',
    },
    {
      what: 'JSON that is no object of Kubernetes',
      code: 200,
      body: '[1,2]',
      kind: 'not-kubernetes',
      sentence:
        'The answer is JSON, but not what a Kubernetes API server sends; check the address of cluster test in its kubeconfig.',
    },
    {
      what: 'an error of its own, twice',
      code: 500,
      body: status(500, 'InternalError', 'etcd is away'),
      kind: 'other',
      sentence: 'Cluster test answers with an error (500): etcd is away.',
    },
    {
      what: 'a rejected value, which is not repeated',
      code: 422,
      body: status(422, 'Invalid', 'spec.x: Invalid value: "[{\\"value\\":\\"hunter2-hunter2\\"}]": unknown field'),
      kind: 'invalid',
      sentence: 'The API server of test rejects the request (422): spec.x: Invalid value: unknown field.',
    },
  ])('$what', async ({ code, body, kind, sentence }) => {
    const server = await serverThat((_, response) => response.writeHead(code, asJson).end(body));
    expect(await problemOf(() => getObject(server.open(), pod))).toEqual({ kind, sentence });
  });

  test('a server that accepts and never answers is left after the time limit', async () => {
    const server = await serverThat(() => undefined);
    expect(await problemOf(() => getObject(server.open({ timeoutMs: 200 }), pod))).toEqual({
      kind: 'timeout',
      sentence: 'Cluster test did not answer within 0.2 s.',
    });
  });

  test('a server that begins and never ends is left too', async () => {
    const server = await serverThat((_, response) => response.writeHead(200, asJson).write('{"metadata":'));
    expect((await problemOf(() => getObject(server.open({ timeoutMs: 200 }), pod))).kind).toBe('timeout');
  });

  test('an answer cut off by a broken connection', async () => {
    const server = await serverThat((request, response) => {
      response.writeHead(200, { ...asJson, 'content-length': '1000' }).write('{"metadata":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    const { sentence, kind } = await problemOf(() => getObject(server.open(), pod));
    expect(kind).toBe('unreachable');
    expect(sentence).toMatch(/^The connection to cluster test broke off \(\w+\); try again\.$/);
  });

  test('nobody listens at the address', async () => {
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
    });
    const cluster = opener(kubeconfigFor(`https://127.0.0.1:${port}`, makeServerIdentity().caPem))();
    expect((await problemOf(() => getObject(cluster, pod))).sentence).toBe(
      'Cluster test refuses the connection; check that its API server runs and that the kubeconfig names its address.',
    );
  });

  test('a certificate that another authority signed', async () => {
    const server = await serverThat((_, response) => response.end(aPod));
    const cluster = opener(kubeconfigFor(server.url, makeServerIdentity().caPem))();
    expect((await problemOf(() => getObject(cluster, pod))).sentence).toContain(
      'The certificate of cluster test does not match the CA and address in its kubeconfig',
    );
  });

  test('an unencrypted address is refused before anything is sent', async () => {
    const cluster = opener(kubeconfigFor('http://127.0.0.1:9', ''))();
    expect((await problemOf(() => getObject(cluster, pod))).sentence).toContain('has an unencrypted http:// address');
  });

  test('a credential plugin that is not installed is named', async () => {
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin-here', args: [] } };
    const cluster = opener(kubeconfigFor('https://127.0.0.1:9', '', user))();
    expect((await problemOf(() => getObject(cluster, pod))).sentence).toBe(
      'The kubeconfig of cluster test gets its credentials from "no-such-plugin-here", which is not installed here; install it or choose another context.',
    );
  });

  test('a credential plugin runs once for many reads, and what it gives is used', async () => {
    const seen = new Set<string | undefined>();
    const server = await serverThat((request, response) => {
      seen.add(request.headers.authorization);
      response.end(aPod);
    });
    const runs = join(folder(), 'runs');
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 'from-the-plugin' } });
    const script = `echo run >> ${runs}; echo '${credential}'`;
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', script] } };
    const cluster = opener(kubeconfigFor(server.url, server.caPem, user))();
    await Promise.all(Array.from({ length: 20 }, () => getObject(cluster, pod)));
    expect([...seen]).toEqual(['Bearer from-the-plugin']);
    expect(readFileSync(runs, 'utf8')).toBe('run\n');
  });

  test('what an unhappy credential plugin prints is not shown', async () => {
    const user = {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        args: ['-c', 'echo token=abc >&2; exit 1'],
      },
    };
    const cluster = opener(kubeconfigFor('https://127.0.0.1:9', '', user))();
    const { sentence } = await problemOf(() => getObject(cluster, pod));
    expect(sentence).toBe(
      `"sh" gave no credentials for cluster test; run kubectl --context 'test' get namespaces to see what it says, most often: log in again.`,
    );
  });

  test('an unexpected error of our own shows nothing of itself', () => {
    expect(readable(new TypeError('x of /home/ann/secret is undefined'))).not.toContain('ann');
  });
});

describe('a second try', () => {
  test('a busy server is asked once more, and a long wait is not waited for', async () => {
    let asked = 0;
    const busy = await serverThat((_, response) => {
      asked++;
      if (asked === 1) response.writeHead(503, asJson).end('{}');
      else response.end(aPod);
    });
    expect((await getObject(busy.open(), pod)).metadata.name).toBe('api-1');
    let refused = 0;
    const slow = await serverThat((_, response) => {
      refused++;
      response.writeHead(429, { ...asJson, 'retry-after': '60' }).end('{}');
    });
    expect((await problemOf(() => getObject(slow.open(), pod))).sentence).toContain('asks to slow down (429)');
    expect(refused).toBe(1);
  });

  test('a kept connection that the server has closed is replaced without a word', async () => {
    const cluster = await recordedCluster(['oom-startup-python']);
    const open = cluster.open();
    await listObjects(open, pods, undefined);
    cluster.dropConnections();
    expect((await listObjects(open, pods, undefined)).items).toHaveLength(1);
  });
});
