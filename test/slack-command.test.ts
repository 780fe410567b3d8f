// What may be typed after /crashloop, and what it is understood to mean.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCommand } from '../src/slack/command.ts';

const ONE = { clusters: ['prod'] };
const TWO = { clusters: ['prod', 'staging'] };

const nothing = { cluster: 'prod', namespace: '', kind: 'Pod', name: '', container: '', selector: '' };

const understood: [typed: string, meant: Partial<typeof nothing>][] = [
  ['', {}],
  ['   ', {}],
  ['checkout-api', { name: 'checkout-api' }],
  ['  checkout-api  ', { name: 'checkout-api' }],
  ['checkout-api-7c4cf845f9-bh4cf', { name: 'checkout-api-7c4cf845f9-bh4cf' }],
  ['shop/checkout-api', { namespace: 'shop', name: 'checkout-api' }],
  ['deployment/checkout-api', { kind: 'Deployment', name: 'checkout-api' }],
  ['Deploy/checkout-api', { kind: 'Deployment', name: 'checkout-api' }],
  ['deployment checkout-api', { kind: 'Deployment', name: 'checkout-api' }],
  ['sts/redis -n data', { kind: 'StatefulSet', name: 'redis', namespace: 'data' }],
  ['ds/agent', { kind: 'DaemonSet', name: 'agent' }],
  ['job/import', { kind: 'Job', name: 'import' }],
  ['cj/backup', { kind: 'CronJob', name: 'backup' }],
  ['pod/checkout-api', { name: 'checkout-api' }],
  ['checkout-api -n shop', { name: 'checkout-api', namespace: 'shop' }],
  ['-n shop checkout-api', { name: 'checkout-api', namespace: 'shop' }],
  ['--namespace=shop checkout-api', { name: 'checkout-api', namespace: 'shop' }],
  ['shop/checkout-api -n shop', { name: 'checkout-api', namespace: 'shop' }],
  ['checkout-api -c sidecar', { name: 'checkout-api', container: 'sidecar' }],
  ['-l app=checkout', { selector: 'app=checkout' }],
  ['-l app=checkout,tier!=web -n shop', { selector: 'app=checkout,tier!=web', namespace: 'shop' }],
  ['-l "app in (checkout, cart)"', { selector: 'app in (checkout, cart)' }],
  ['-l “app in (checkout)”', { selector: 'app in (checkout)' }],
  ['-l app=`checkout`', { selector: 'app=checkout' }],
  ['`checkout-api`', { name: 'checkout-api' }],
  ['"checkout-api"', { name: 'checkout-api' }],
  ['checkout-api —namespace shop', { name: 'checkout-api', namespace: 'shop' }],
  ['checkout-api –n shop', { name: 'checkout-api', namespace: 'shop' }],
  ['<http://checkout.shop|checkout.shop>', { name: 'checkout.shop' }],
  ['prod checkout-api', { name: 'checkout-api' }],
  ['--cluster prod checkout-api', { name: 'checkout-api' }],
  ['prod', { name: 'prod' }],
  ['help-desk', { name: 'help-desk' }],
];

describe('with one cluster', () => {
  test.each(understood)('“%s” is understood', (typed, meant) => {
    expect(readCommand(typed, ONE)).toEqual({ is: 'wanted', wanted: { ...nothing, ...meant } });
  });
});

describe('with several clusters', () => {
  test.each([
    ['checkout-api', { name: 'checkout-api' }],
    ['staging checkout-api', { cluster: 'staging', name: 'checkout-api' }],
    [
      'staging shop/checkout-api -c web',
      { cluster: 'staging', namespace: 'shop', name: 'checkout-api', container: 'web' },
    ],
    ['staging', { cluster: 'staging' }],
    ['--cluster=staging checkout-api', { cluster: 'staging', name: 'checkout-api' }],
    ['--context staging deployment/staging', { cluster: 'staging', kind: 'Deployment', name: 'staging' }],
    ['staging deployment checkout-api', { cluster: 'staging', kind: 'Deployment', name: 'checkout-api' }],
  ])('“%s” is understood', (typed, meant) => {
    expect(readCommand(typed, TWO)).toEqual({ is: 'wanted', wanted: { ...nothing, ...meant } });
  });
});

describe('what is not understood is answered with what is wrong', () => {
  test.each([
    ['a b', 'I take one name at a time.'],
    ['a b c', 'I take one name at a time.'],
    ['a/b/c', 'A name is NAME, NAMESPACE/NAME or KIND/NAME.'],
    ['shop/', 'A name is NAME, NAMESPACE/NAME or KIND/NAME.'],
    ['/checkout-api', 'A name is NAME, NAMESPACE/NAME or KIND/NAME.'],
    ['shop/checkout-api -n billing', 'That names two namespaces.'],
    ['checkout-api -n', '-n needs a value.'],
    ['checkout-api -n -c x', '-n needs a value.'],
    ['checkout-api --namespace=', '--namespace needs a value.'],
    ['checkout-api -n a -n b', '-n was given twice.'],
    ['checkout-api --previous', 'I do not know --previous.'],
    ['checkout-api -nshop', 'I do not know -nshop.'],
    ['Checkout_API', /not a name that Kubernetes allows/],
    ['$(reboot)', /not a name that Kubernetes allows/],
    ['checkout;ls', /not a name that Kubernetes allows/],
    ['../etc/passwd', 'A name is NAME, NAMESPACE/NAME or KIND/NAME.'],
    ['..', /not a name that Kubernetes allows/],
    ['checkout -n ../x', /not a namespace that Kubernetes allows/],
    ['checkout -c "a b"', /not a container that Kubernetes allows/],
    ['-l app=x;y', /not a label selector/],
    ['__proto__/x', /not a namespace that Kubernetes allows/],
    ['--__proto__ x', 'I do not know --__proto__.'],
    ['--cluster other x', 'I may not read a cluster of that name from this channel. From here I read: prod.'],
    ['--context kind-prod x', 'I may not read a cluster of that name from this channel. From here I read: prod.'],
    ['x'.repeat(601), 'That is longer than 600 characters.'],
    [`${'x'.repeat(254)}`, /not a name that Kubernetes allows/],
  ])('“%s”', (typed, sentence) => {
    expect(readCommand(typed, ONE)).toEqual({
      is: 'wrong',
      sentence: sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence,
    });
  });

  test.each(['help', '--help', '-h', 'checkout-api --help', ' help '])('“%s” is answered with the usage', (typed) => {
    expect(readCommand(typed, ONE)).toEqual({ is: 'help' });
  });

  test('no cluster at all is no cluster of that name', () => {
    expect(readCommand('x', { clusters: [] })).toMatchObject({ is: 'wrong' });
  });
});

const KUBERNETES_NAME = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)?$/;

test('whatever is typed, only names that Kubernetes allows get through, and only a cluster of this place', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-n',
      '-c',
      '-l',
      '--cluster',
      '-n=',
      'prod',
      'shop/',
      'deploy/',
      '<!channel>',
      '"',
      "'",
      '`',
      '=',
      '\n',
    ),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[a-z0-9./-]{1,12}$/),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const read = readCommand(words.join(' '), TWO);
      if (read.is !== 'wanted') return;
      const { cluster, namespace, name, container, selector, kind } = read.wanted;
      expect(TWO.clusters).toContain(cluster);
      for (const value of [namespace, name, container]) expect(value).toMatch(KUBERNETES_NAME);
      expect(selector).toMatch(/^[\w./!=,() -]*$/);
      expect(kind).toMatch(/^[A-Z][A-Za-z]+$/);
    }),
    { numRuns: 1_000 },
  );
});

describe('what is asked of the past', () => {
  const past = { cluster: '', namespace: '', kind: '', name: '', above: 0 };
  const asked: [typed: string, meant: object][] = [
    ['list', { what: 'list' }],
    ['list staging', { what: 'list', cluster: 'staging' }],
    ['top', { what: 'top' }],
    ['top 5', { what: 'top', above: 5 }],
    ['top 5 staging -n shop', { what: 'top', above: 5, cluster: 'staging', namespace: 'shop' }],
    ['warnings --cluster prod', { what: 'warnings', cluster: 'prod' }],
    ['history cart', { what: 'history', name: 'cart' }],
    ['history prod', { what: 'history', name: 'prod' }],
    ['history staging cart', { what: 'history', cluster: 'staging', name: 'cart' }],
    ['history deploy/cart -n shop', { what: 'history', kind: 'Deployment', name: 'cart', namespace: 'shop' }],
    ['history shop/cart', { what: 'history', name: 'cart', namespace: 'shop' }],
  ];
  test.each(asked)('%s', (typed, meant) => {
    expect(readCommand(typed, TWO)).toEqual({ is: 'history', ask: { ...past, ...meant } });
  });

  test.each([
    ['history', 'needs the name of a workload'],
    ['list cart', 'list does not take "cart"'],
    ['warnings -c cart', 'takes -n and --cluster only'],
    ['list --cluster other', 'may not read a cluster of that name'],
    ['history <!channel>', 'not a name that Kubernetes allows'],
  ])('%s is refused in a sentence', (typed, words) => {
    expect(readCommand(typed, TWO)).toMatchObject({ is: 'wrong', sentence: expect.stringContaining(words) });
  });

  test('a pod that is called like one of the words is meant by its kind', () => {
    expect(readCommand('pod/top', ONE)).toMatchObject({ is: 'wanted', wanted: { name: 'top' } });
  });
});
