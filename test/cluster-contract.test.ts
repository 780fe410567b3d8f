// What an API server answers, as one of version 1.20.2 did: the cluster double must answer the same, and so must the one that
// KUBECONFIG_TEST names. The requests of a table build on each other.
import { describe, expect, test } from 'vitest';
import { jsonPatch, merge, strategic } from './support/cluster-double.ts';
import { told } from './support/contract.ts';
import { configMap, deployment, event, first, pod } from './support/contract-objects.ts';
import { contractServers } from './support/contract-servers.ts';

type Row = [what: string, method: string, path: string, answer: string, body?: unknown, contentType?: string];
const api = 'deployments/api';
const gone = 'deployments/gone';
const spec = 'spec.template.spec';
const one = `${spec}.containers[0]`;
const patch = (path: string, op: string, value?: unknown) => [{ op, path, ...(value === undefined ? {} : { value }) }];
const hostname = '/spec/template/spec/hostname';

const made: Row[] = [
  ['what is not there', 'GET', gone, '404 NotFound deployments.apps/gone'],
  ['a Deployment', 'POST', 'deployments', '201 Deployment', deployment('api')],
  ['the same again', 'POST', 'deployments', '409 AlreadyExists deployments.apps/api', deployment('api')],
  ['a dry run', 'POST', 'deployments?dryRun=All', '201 Deployment', deployment('other')],
  ['what a dry run left behind', 'GET', 'deployments/other', '404 NotFound deployments.apps/other'],
  [
    'half a dry run',
    'POST',
    'deployments?dryRun=Some',
    '422 Invalid CreateOptions.meta.k8s.io/ dryRun:FieldValueNotSupported',
    deployment('other'),
  ],
  [
    'another namespace',
    'POST',
    'deployments',
    '400 BadRequest',
    deployment('o', { 'metadata.namespace': 'elsewhere' }),
  ],
  ['no name', 'POST', 'deployments', '422 Invalid Deployment.apps/ metadata.name:FieldValueRequired', deployment('')],
  [
    'a name that is none',
    'POST',
    'deployments',
    '422 Invalid Deployment.apps/Bad_Name metadata.name:FieldValueInvalid',
    deployment('Bad_Name'),
  ],
  ['another kind', 'POST', 'deployments', '400 BadRequest', deployment('o', { kind: 'Pod' })],
  ['another version', 'POST', 'deployments', '400 BadRequest', deployment('o', { apiVersion: 'apps/v2' })],
  ['a word for a number', 'POST', 'deployments', '400 BadRequest', deployment('o', { 'spec.replicas': 'three' })],
  ['no object at all', 'POST', 'deployments', '400 BadRequest', 'words'],
  ['a body of another type', 'POST', 'deployments', '415 UnsupportedMediaType', {}, 'text/plain'],
  [
    'a quantity that is none',
    'POST',
    'deployments',
    '400 BadRequest',
    deployment('o', { [`${first}.resources`]: { limits: { memory: '1MiB' } } }),
  ],
  ...(
    [
      [
        'a selector of other pods',
        'spec.selector',
        { matchLabels: { a: 'b' } },
        'spec.template.metadata.labels:FieldValueInvalid',
      ],
      ['no containers', `${spec}.containers`, [], `${spec}.containers:FieldValueRequired`],
      [
        'a request above its limit',
        `${first}.resources`,
        { limits: { memory: '1Mi' }, requests: { memory: '2Mi' } },
        `${one}.resources.requests:FieldValueInvalid`,
      ],
      [
        'a mount of no volume',
        `${first}.volumeMounts`,
        [{ name: 'v', mountPath: '/v' }],
        `${one}.volumeMounts[0].name:FieldValueNotFound`,
      ],
      ['pods that end', `${spec}.restartPolicy`, 'Never', `${spec}.restartPolicy:FieldValueNotSupported`],
    ] as const
  ).map(
    ([what, path, value, problem]): Row => [
      what,
      'POST',
      'deployments',
      `422 Invalid Deployment.apps/o ${problem}`,
      deployment('o', { [path]: value }),
    ],
  ),
];

const changed: Row[] = [
  ['a Deployment', 'POST', 'deployments', '201 Deployment', deployment('api')],
  [
    'what is not there',
    'PATCH',
    gone,
    '404 NotFound deployments.apps/gone',
    patch('/metadata/uid', 'test', 'x'),
    jsonPatch,
  ],
  ['a test that does not hold', 'PATCH', api, '422 Invalid', patch('/metadata/uid', 'test', 'x'), jsonPatch],
  ['a test of what is not there', 'PATCH', api, '422 Invalid', patch(hostname, 'test', 'a'), jsonPatch],
  ['a test for null of that', 'PATCH', api, '200 Deployment', patch(hostname, 'test', null), jsonPatch],
  [
    'a test whose letters are not those of the server',
    'PATCH',
    api,
    '422 Invalid',
    patch('/spec/template/spec/containers/0/command/2', 'test', 'a > b & c'),
    jsonPatch,
  ],
  ['taking away what is not there', 'PATCH', api, '422 Invalid', patch(hostname, 'remove'), jsonPatch],
  ['adding below what is not there', 'PATCH', api, '422 Invalid', patch('/metadata/none/x', 'add', 'x'), jsonPatch],
  ['no list', 'PATCH', api, '400 BadRequest', { op: 'test' }, jsonPatch],
  ['no such operation', 'PATCH', api, '422 Invalid', patch('/x', 'frob'), jsonPatch],
  [
    'a word for a number',
    'PATCH',
    api,
    '422 Invalid patch:FieldValueInvalid',
    patch('/spec/replicas', 'replace', 'x'),
    jsonPatch,
  ],
  ['a field that nobody knows', 'PATCH', api, '200 Deployment', patch('/spec/template/spec/frob', 'add', 1), jsonPatch],
  [
    'another uid',
    'PATCH',
    api,
    '422 Invalid Deployment.apps/api metadata.uid:FieldValueInvalid',
    { metadata: { uid: 'o' } },
    merge,
  ],
  ['another name', 'PATCH', api, '400 BadRequest', { metadata: { name: 'other' } }, merge],
  ['an old version', 'PATCH', api, '409 Conflict deployments.apps/api', { metadata: { resourceVersion: '1' } }, merge],
  [
    'another selector',
    'PATCH',
    api,
    '422 Invalid Deployment.apps/api spec.template.metadata.labels:FieldValueInvalid spec.selector:FieldValueInvalid',
    { spec: { selector: { matchLabels: { app: 'b' } } } },
    merge,
  ],
  [
    'one container of a list',
    'PATCH',
    api,
    '200 Deployment',
    { spec: { template: { spec: { containers: [{ name: 'api', image: 'x:2' }] } } } },
    strategic,
  ],
  ['a patch of another type', 'PATCH', api, '415 UnsupportedMediaType', {}],
  [
    'an old whole',
    'PUT',
    api,
    '409 Conflict deployments.apps/api',
    deployment('api', { 'metadata.resourceVersion': '1' }),
  ],
  ['another whole', 'PUT', api, '400 BadRequest', deployment('b')],
  ['a whole of nothing', 'PUT', gone, '404 NotFound deployments.apps/gone', deployment('gone')],
  ['the deletion of another uid', 'DELETE', api, '409 Conflict Deployment.apps/api', { preconditions: { uid: 'x' } }],
  [
    'that of an old version',
    'DELETE',
    api,
    '409 Conflict Deployment.apps/api',
    { preconditions: { resourceVersion: '1' } },
  ],
  ['that of nothing', 'DELETE', gone, '404 NotFound deployments.apps/gone'],
  [
    'that by no known policy',
    'DELETE',
    api,
    '422 Invalid DeleteOptions.meta.k8s.io/ propagationPolicy:FieldValueNotSupported',
    { propagationPolicy: 'Sometimes' },
  ],
  ['that which is only tried', 'DELETE', api, '200 Status', { dryRun: ['All'] }],
  ['what was only tried', 'GET', api, '200 Deployment'],
];

const others = (namespace: string): Row[] => [
  ['a ConfigMap', 'POST', 'configmaps', '201 ConfigMap', configMap('c', { a: 'x&y' })],
  ['made immutable', 'PATCH', 'configmaps/c', '200 ConfigMap', { immutable: true }, merge],
  [
    'changed then',
    'PATCH',
    'configmaps/c',
    '422 Invalid ConfigMap/c data:FieldValueForbidden',
    { data: { a: 'z' } },
    merge,
  ],
  ['a number for a text', 'POST', 'configmaps', '400 BadRequest', configMap('d', { a: 1 })],
  [
    'a key that is none',
    'POST',
    'configmaps',
    '422 Invalid ConfigMap/d data[a b]:FieldValueInvalid',
    configMap('d', { 'a b': '1' }),
  ],
  ['an Event', 'POST', 'events', '201 Event', event('e.1', namespace)],
  ['the same Event', 'POST', 'events', '409 AlreadyExists events.events.k8s.io/e.1', event('e.1', namespace)],
  [
    'a loud one',
    'POST',
    'events',
    '422 Invalid Event/e.2 type:FieldValueInvalid',
    event('e.2', namespace, { type: 'Loud' }),
  ],
  [
    'one of 400 letters and 1,200 bytes',
    'POST',
    'events',
    '422 Invalid Event/e.3 message:FieldValueInvalid',
    event('e.3', namespace, { note: '→'.repeat(400) }),
  ],
  [
    'one about nowhere',
    'POST',
    'events',
    '422 Invalid Event/e.4 involvedObject.namespace:FieldValueInvalid',
    event('e.4', ''),
  ],
  ['a page that nobody began', 'GET', 'deployments?limit=1&continue=abc', '400 BadRequest'],
  ['a selector that is none', 'GET', 'deployments?labelSelector=a%3D%3D%3Db', '400 BadRequest'],
  ['a field that none is selected by', 'GET', 'pods?fieldSelector=spec.what%3Dx', '400 BadRequest'],
  ['a version still to come', 'GET', 'deployments?resourceVersion=999999999', '504 Timeout :ResourceVersionTooLarge'],
  ['a limit that is no number', 'GET', 'deployments?limit=x', '400 BadRequest'],
  ['a kind that is not served', 'GET', 'frobs', '404 NotFound'],
  ['a group that is not served', 'GET', 'unserved', '404'],
  ['the log of no pod', 'GET', 'pods/none/log', '404 NotFound pods/none'],
  ['a pod of two containers', 'POST', 'pods', '201 Pod', pod('p')],
  ['its log', 'GET', 'pods/p/log', '400 BadRequest'],
  ['its log, of a third container', 'GET', 'pods/p/log?container=c', '400 BadRequest'],
  [
    'its log, fewer than no lines',
    'GET',
    'pods/p/log?container=a&tailLines=-1',
    '422 Invalid PodLogOptions/p tailLines:FieldValueInvalid',
  ],
  ['its log, before it has a node', 'GET', 'pods/p/log?container=a', '204'],
  [
    'another program in it',
    'PATCH',
    'pods/p',
    '422 Invalid Pod/p spec:FieldValueForbidden',
    patch('/spec/containers/0/args', 'add', ['x']),
    jsonPatch,
  ],
  ['the deletion of another pod', 'DELETE', 'pods/p', '409 Conflict Pod/p', { preconditions: { uid: 'x' } }],
  ['its deletion', 'DELETE', 'pods/p', '200 Pod', { gracePeriodSeconds: 0 }],
];

describe.each(contractServers)('answered by $where', ({ open }) => {
  test.each<[string, (namespace: string) => Row[]]>([
    ['when it is made', () => made],
    ['when it is changed', () => changed],
    ['besides', others],
  ])('%s', async (_when, rows) => {
    const { send, pathOf, namespace } = await open();
    const answers: string[] = [];
    for (const [what, method, path, , body, type] of rows(namespace))
      answers.push(`${what}: ${told(await send(method, pathOf(path), body, type))}`);
    expect(answers).toEqual(rows(namespace).map(([what, , , answer]) => `${what}: ${answer}`));
  });

  test('what a template was left without is filled in, and amounts are written its own way', async () => {
    const { send, pathOf } = await open();
    const wanted = deployment('full', {
      [`${first}.resources`]: { limits: { cpu: '0.5', memory: '1024Mi' }, requests: { memory: '0.5Gi' } },
      [`${first}.ports`]: [{ containerPort: 80 }],
      [`${first}.env`]: [
        { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'E', value: '' },
      ],
      [`${first}.livenessProbe`]: { httpGet: { port: 80 } },
      [`${spec}.volumes`]: [
        { name: 'h', hostPath: { path: '/x' } },
        { name: 'none' },
        { name: 'c', configMap: { name: 'c' } },
      ],
    });
    await send('POST', pathOf('deployments'), wanted);
    const { json } = await send('GET', pathOf('deployments/full'));
    expect(json.spec.template.spec).toEqual({
      containers: [
        {
          name: 'api',
          image: 'x:1',
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', 'a > b & c'],
          resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { memory: '512Mi' } },
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          env: [
            { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'E' },
          ],
          livenessProbe: {
            httpGet: { port: 80, path: '/', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      volumes: [
        { name: 'h', hostPath: { path: '/x', type: '' } },
        { name: 'none', emptyDir: {} },
        { name: 'c', configMap: { name: 'c', defaultMode: 420 } },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    });
  });
});
