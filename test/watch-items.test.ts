// A list of pods read while it comes: the same items and the same rest however the network cuts it, and never too much held.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsOf } from '../src/kube/watch/items.ts';

async function* chunksOf(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function read(...parts: Uint8Array[]): Promise<{ items: unknown[]; around: unknown }> {
  const items: unknown[] = [];
  const around = await itemsOf(chunksOf(...parts), (json) => items.push(JSON.parse(json)));
  return { items, around: JSON.parse(around) };
}

const metadata = { resourceVersion: '17', continue: 'b{[', managed: [{ a: 1 }] };
const hard = [
  { metadata: { name: 'a"}]{[\\' }, list: [[{ deep: [] }], {}] },
  {},
  { text: 'ä→\u2028\\"', empty: '', back: '\\' },
];

test('the items of a list and what stands around them are the same wherever it is cut', async () => {
  const whole = Buffer.from(`${JSON.stringify({ kind: 'PodList', metadata, items: hard, z: { y: [1] } }, null, 1)}\n`);
  const wanted = { items: hard, around: { kind: 'PodList', metadata, items: [], z: { y: [1] } } };
  for (let cut = 0; cut <= whole.length; cut++)
    expect(await read(whole.subarray(0, cut), whole.subarray(cut))).toEqual(wanted);
  expect(await read(...[...whole].map((byte) => Uint8Array.of(byte)))).toEqual(wanted);
});

test('a list without items, and one that says null, have none', async () => {
  expect(await read(Buffer.from('{"metadata":{},"items":[ ]}'))).toEqual({
    items: [],
    around: { metadata: {}, items: [] },
  });
  expect(await read(Buffer.from('{"items":null}'))).toEqual({ items: [], around: { items: null } });
});

test('whatever objects a list holds, each comes out as it is', async () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.array(object), fc.integer({ min: 1, max: 40 }), async (items, size) => {
      const whole = Buffer.from(JSON.stringify({ metadata, items }));
      const parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
        whole.subarray(i * size, (i + 1) * size),
      );
      expect(await read(...parts)).toEqual({
        items: items.map((one) => JSON.parse(JSON.stringify(one))),
        around: { metadata, items: [] },
      });
    }),
  );
});

test('an item without an end is not held beyond its bound, nor is what is no list', async () => {
  const megabyte = Buffer.alloc(1024 ** 2, 'x');
  const begun = Buffer.from('{"items":[{"a":"');
  await expect(read(begun, ...Array(9).fill(megabyte))).rejects.toThrow(/an item of a list is larger than 8 MB/);
  await expect(read(Buffer.from('<html>'), megabyte)).rejects.toThrow(/around the items of a list is larger than 1 MB/);
});
