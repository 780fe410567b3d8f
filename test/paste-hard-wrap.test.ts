// Logs, events and describes as they are copied from a terminal of 80, 100 or 120 columns: cut at the last column, without
// any sign that the next line goes on.

import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/core/diagnose.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { rejoined } from '../src/core/paste/hard-wrap.ts';
import { readPaste } from '../src/core/paste.ts';
import { redactSnapshot } from '../src/core/redact.ts';
import type { Report } from '../src/core/report.ts';
import { rules } from '../src/rules/index.ts';
import { allSaid } from './support/said.ts';

const GRADES = ['unknown', 'possible', 'likely', 'confirmed'];

function cutAt(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''])
    .join('\n');
}

function explained(text: string): Report | undefined {
  const evidence = evidenceFrom(redactSnapshot(readPaste(text)).snapshot, {}, 'pasted text');
  return evidence && diagnose(evidence, { rules, propose: () => [] });
}

/** What a person would copy of each case: the paste, or the log of the pod. */
const pasted = allSaid()
  .filter(({ text }) => !text.startsWith('%% cluster'))
  .map(({ who, text }) => ({ who, text: text.startsWith('%% ') ? text.split('\n').slice(1).join('\n') : text }))
  .filter(({ text }) => text.trim() !== '');

const answers = new Map<string, Report | undefined>();

function explainedOnce(text: string): Report | undefined {
  if (!answers.has(text)) answers.set(text, explained(text));
  return answers.get(text);
}

const LOT = 100;
const lots = Array.from({ length: Math.ceil(pasted.length / LOT) }, (_, i) => pasted.slice(i * LOT, (i + 1) * LOT));

describe.each([80, 100, 120])('copied from a terminal of %i columns', (columns) => {
  it.each(
    lots.map((lot, i) => ({ lot, from: i * LOT })),
  )('the answer is the same, or in few cases a weaker one: cases from $from on', ({ lot }) => {
    const wide = lot.filter(({ text }) => cutAt(text, columns) !== text);
    const compared = wide.map(({ who, text }) => {
      const whole = explainedOnce(text)?.verdict;
      const cut = explained(cutAt(text, columns))?.verdict;
      const same = cut?.cause === whole?.cause;
      const surer = GRADES.indexOf(cut?.grade ?? 'unknown') - GRADES.indexOf(whole?.grade ?? 'unknown');
      const isWrong = same ? surer > 0 : GRADES.indexOf(cut?.grade ?? 'unknown') > 1;
      return { who, isWrong, isWeaker: !same || surer < 0 };
    });
    expect(compared.filter((c) => c.isWrong).map((c) => c.who)).toEqual([]);
    expect(compared.filter((c) => c.isWeaker).length).toBeLessThanOrEqual(2);
  });
});

describe('text that no window has cut', () => {
  it('stays as it is, also where lines happen to have one length', () => {
    const joined = pasted.filter(({ text }) => rejoined(text.split('\n')).rests.some((rests) => rests > 0));
    expect(joined.map(({ who }) => who)).toEqual([]);
  });

  it('rules, boxes and certificates are no lines that go on', () => {
    const box = ['┌', '│', '└'].map((c) => c.padEnd(79, c === '│' ? 'x' : '─') + (c === '│' ? c : '─'));
    const drawn = ['='.repeat(80), 'starting', '='.repeat(80), 'started', ...box, 'done', 'Zm9v'.repeat(16), 'Zm9v'];
    expect(rejoined(drawn).lines).toEqual(drawn);
  });
});

describe('a log copied from a window', () => {
  const LOG = [
    '2024-05-02T09:10:11.123Z INFO  starting cart 3.1.0 with the profile production and the region eu-central-1 of the cluster',
    '2024-05-02T09:10:12.123Z INFO  connecting to the database of the shop at postgres://cart:s3cr3tPassw0rdOfTheShop@shop-db.data.svc:5432/cart',
    '2024-05-02T09:10:13.123Z ERROR could not connect: dial tcp 10.96.14.3:5432: connect: connection refused (shop-db.data.svc:5432)',
    '2024-05-02T09:10:13.124Z FATAL giving up after the first attempt, because nothing of this program works without its database',
  ].join('\n');

  it('is cited by the numbers that its lines have in the paste', () => {
    const cut = cutAt(LOG, 80).split('\n');
    const report = explained(cut.join('\n'));
    const cited = report?.causes[0]?.evidence[0];
    expect(report?.verdict).toMatchObject({ cause: 'dependency-refused', grade: 'confirmed' });
    expect(cited?.at).toBe(`log.current:${cut.findIndex((line) => line.includes('could not connect')) + 1}`);
    expect(cited?.text).toContain('shop-db.data.svc:5432)');
  });

  it.each([80, 81, 94, 100])('shows nothing of a password that is cut at column %i', (columns) => {
    const cut = cutAt(LOG, columns);
    expect(JSON.stringify(explained(cut))).not.toMatch(/s3cr3t|Passw0rd|OfTheShop/);
  });

  it('shows nothing of a password that is cut where no width is proven', () => {
    const line = 'config loaded: mode=production region=eu-central-1 api_token=Zx81kQ0pLm3vNb7TyWq5';
    const cut = [line, 'Rf2Hs9Jd4Gu6', 'listening on :8080'].join('\n');
    const text = JSON.stringify(redactSnapshot(readPaste(cut)).snapshot.logs);
    expect(text).not.toMatch(/Zx81|Rf2Hs9/);
    expect(text).toContain('listening on :8080');
  });

  it('may be filled up with blanks to the last column', () => {
    const filled = cutAt(LOG, 90)
      .split('\n')
      .map((line) => line.padEnd(90));
    expect(explained(filled.join('\n'))?.verdict).toMatchObject({ cause: 'dependency-refused', grade: 'confirmed' });
  });
});
