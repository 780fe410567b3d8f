// What terminals, chat and mail clients do to a text on its way: the answer stays the same.

import { describe, expect, test } from 'vitest';
import { diagnose } from '../src/core/diagnose.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { readPaste } from '../src/core/paste.ts';
import { redactSnapshot } from '../src/core/redact.ts';
import { rules } from '../src/rules/index.ts';
import { allSaid } from './support/said.ts';

const eachLine = (change: (line: string) => string) => (text: string) => text.split('\n').map(change).join('\n');

const MANGLED: [how: string, mangle: (text: string) => string][] = [
  ['with Windows line ends', (text) => text.replaceAll('\n', '\r\n')],
  ['quoted', eachLine((line) => `> ${line}`)],
  ['indented as code', eachLine((line) => `    ${line}`)],
  ['in a fence, with words around it', (text) => `Hi team, it broke today:\n\n\`\`\`\n${text}\n\`\`\`\nAny idea?`],
  ['with single blanks', eachLine((line) => line.replace(/(\S) {2,}/g, '$1 '))],
  ['with tabs between columns', eachLine((line) => line.replace(/(\S) {2,}/g, '$1\t'))],
  ['with blanks that do not break', (text) => text.replaceAll('  ', '\u00a0\u00a0')],
  ['in the frame of a terminal window', eachLine((line) => `│ ${line.padEnd(100)} │`)],
  ['as it stands in HTML', (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ['as a value of JSON', (text) => JSON.stringify(text)],
  ['with a break of HTML at each line', eachLine((line) => `${line.replaceAll("'", '&#x27;')}<br>`)],
  ['as a list', eachLine((line) => `- ${line}`)],
  ['as added lines of a diff', eachLine((line) => `+ ${line}`)],
  ['each line as code', eachLine((line) => (line.trim() === '' ? line : `\`${line}\``))],
  ['with a remark below', (text) => `${text}\n\nI already deleted the pod but it comes back. Thanks!`],
];

// The frame cannot be told from a log's own bars where there is one line only.
const pasted = allSaid().filter((s) => s.evidence.source !== 'test' && !/^%% /.test(s.text) && s.text.includes('\n'));
const ofClusters = pasted.filter((s) => !/^(?:application-error|config-)/.test(s.cause));

describe.each(MANGLED)('%s', (_, mangle) => {
  test('a pasted text means what it meant', () => {
    const changed = ofClusters.flatMap(({ who, cause, text }) => {
      const found = causeOf(mangle(text));
      return found === cause ? [] : [`${who}: ${cause} -> ${found}`];
    });
    expect(changed).toEqual([]);
  });
});

function causeOf(text: string): string {
  const evidence = evidenceFrom(redactSnapshot(readPaste(text)).snapshot, {}, 'pasted text');
  return evidence ? diagnose(evidence, { rules, propose: () => [] }).verdict.cause : 'nothing';
}
