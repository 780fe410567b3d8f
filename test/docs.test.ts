// What the documents say must be so: links, commands, settings, files and rooms are looked up in the repository.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTINGS } from '../src/config/settings.ts';
import { anchor } from './support/generate/markdown.ts';
import { filesIn, manifests, podTemplates, root, textOf } from './support/manifests.ts';

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
  ...filesIn('docs').filter((file) => file.endsWith('.md')),
];

/** Everything that a pattern finds in all documents, as `file: found`, so that a failure names its place. */
function inDocuments(pattern: RegExp): { file: string; found: string }[] {
  return documents.flatMap((file) =>
    [...textOf(file).matchAll(pattern)].map((match) => ({ file, found: match[1] ?? match[0] })),
  );
}

test.each(documents)('every link in %s leads somewhere', (file) => {
  const links = [...textOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const broken = links.filter((link) => {
    if (/^https:\/\//.test(link)) return false;
    const [path = '', heading] = link.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(join(root, target))) return true;
    return heading !== undefined && !headingsOf(target).includes(heading);
  });
  expect(broken).toEqual([]);
});

function headingsOf(file: string): string[] {
  return [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading));
}

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { [name: string]: string } };
  const named = inDocuments(/npm run (?:-s )?([a-z]+)/g);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ found }) => !scripts[found])).toEqual([]);
});

test('every command and flag of the command line that is named exists', () => {
  const code = textOf('src/cli/main.ts');
  const commands = [...code.matchAll(/\.command\('([a-z]+)'\)|^ {2}\['([a-z]+)', '/gm)].map(
    ([, one, other]) => one ?? other,
  );
  const options = new Set([...code.matchAll(/(?<=[' ])--?[a-z][a-z-]*/g)].map(([flag]) => flag));
  const said = inDocuments(/npm run (?:-s loopbreaker|demo) -- ([^`\n#]+)/g).map(({ file, found }) => {
    const [first = '', ...words] = found.trim().split(/\s+/);
    return { file, command: first.startsWith('-') ? 'demo' : first, words: [first, ...words] };
  });
  expect(said.length).toBeGreaterThan(5);
  for (const { file, command, words } of said) {
    expect(commands, file).toContain(command);
    for (const word of words.filter((w) => /^--?[a-z]/.test(w))) expect([...options], file).toContain(word);
  }
});

test('every setting that is named exists', () => {
  const named = inDocuments(/\b(?:LOOPBREAKER_[A-Z_]+|SLACK_[A-Z_]+|REDIS_URL|KUBECONFIG)\b/g);
  const known = Object.keys(SETTINGS);
  expect(named.filter(({ found }) => !known.includes(found) && found !== 'KUBECONFIG_CONTEXT')).toEqual([]);
});

test('every file and folder that is named exists', () => {
  const named = inDocuments(/`((?:src|test|deploy|docs)\/[\w./-]+)`/g);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ found }) => !existsSync(join(root, found)) && found !== 'src/rules/ID.ts')).toEqual([]);
});

test('the table of rooms in the README is the list of folders in src', () => {
  const said = [...textOf('README.md').matchAll(/^\| ((?:`src\/[\w.]+`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`src\/([\w.]+)`/g)].map(([, name = '']) => name),
  );
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((name) => !said.includes(name))).toEqual([]);
  expect(said.filter((name) => !existsSync(join(root, 'src', name)))).toEqual([]);
});

test('the Secrets that the README creates are those that the manifests want', () => {
  const created: { [name: string]: string[] } = {};
  for (const [, name = '', rest = ''] of textOf('README.md')
    .replaceAll(/\\\n\s*/g, '')
    .matchAll(/create secret generic ([\w-]+) (.+)/g))
    created[name] = [...rest.matchAll(/--from-literal=([\w.-]+)=/g)].map(([, key = '']) => key);
  const wanted = podTemplates().flatMap(({ template }) => [
    ...template.spec.containers.flatMap((c: { env?: { valueFrom?: { secretKeyRef?: object } }[] }) =>
      (c.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    ),
    ...(template.spec.volumes ?? []).flatMap((v: { secret?: { secretName: string; items: { key: string }[] } }) =>
      (v.secret?.items ?? []).map(({ key }) => ({ name: v.secret?.secretName, key })),
    ),
  ]) as { name: string; key: string; optional?: boolean }[];
  expect(wanted.length).toBeGreaterThan(5);
  for (const { name, key, optional } of wanted) if (!optional) expect(created[name], `${name}/${key}`).toContain(key);
  for (const [name, keys] of Object.entries(created))
    for (const key of keys) expect(wanted).toContainEqual(expect.objectContaining({ name, key }));
});

test('the commands of the README apply folders that hold manifests', () => {
  const folders = [...textOf('README.md').matchAll(/kubectl apply[^`\n]* (?:-f|-k) (deploy\/kubernetes[\w./-]*)/g)];
  expect(folders.length).toBeGreaterThan(3);
  for (const [, path = ''] of folders)
    expect(
      manifests().some(({ file }) => file.startsWith(path.replace(/\/$/, ''))),
      path,
    ).toBe(true);
});
