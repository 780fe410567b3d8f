// deploy/Dockerfile, read as text: no container engine is needed, and none is used.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { podTemplates, root, textOf } from './support/manifests.ts';

const lines = textOf('deploy/Dockerfile')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));
const lastStage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const ignored = textOf('.dockerignore')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));

test('the image runs as a user without privileges, with nothing in it but Node, dependencies and the build', () => {
  expect(lastStage[0]).toMatch(/^FROM gcr\.io\/distroless\/nodejs24-/);
  expect(lastStage.filter((line) => line.startsWith('USER '))).toEqual(['USER 65532:65532']);
  const copied = lastStage.filter((line) => line.startsWith('COPY ')).map((line) => line.split(' ').at(-1));
  expect(copied).toEqual(['./', 'node_modules', 'dist']);
  expect(lastStage.filter((line) => line.startsWith('RUN '))).toEqual([]);
});

test('the image is built with the major version of Node that it runs on', () => {
  const majors = lines.filter((line) => line.startsWith('FROM ')).map((line) => /node(?:js)?:?(\d+)/.exec(line)?.[1]);
  expect(majors).toEqual(['24', '24']);
});

test('everything that is copied into the image exists and is sent to the builder', () => {
  const sources = lines
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(sources).toContain('package-lock.json');
  for (const source of sources) {
    expect(existsSync(join(root, source)), source).toBe(true);
    expect(ignored).not.toContain(source);
  }
  for (const kept of ['.env', 'node_modules', '.git', 'test']) expect(ignored).toContain(kept);
});

test('the image starts the roles that the manifests name', () => {
  expect(lastStage.at(-1)).toBe('ENTRYPOINT ["/nodejs/bin/node", "dist/main.js"]');
  const roles = podTemplates()
    .flatMap(({ template }) => template.spec.containers)
    .filter(({ image }) => image === 'loopbreaker')
    .map(({ args, command }) => [command, args]);
  expect(roles).toEqual([
    [undefined, ['--role', 'gateway']],
    [undefined, ['--role', 'watcher']],
    [undefined, ['--role', 'worker']],
  ]);
});
