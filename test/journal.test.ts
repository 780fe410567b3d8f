// The journal's chain, without Redis: what a reader of the audit trail can rely on.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { genesis, type JournalEntry, seal, verifyJournal } from '../src/queue/journal.ts';

function journalOf(events: unknown[]): JournalEntry[] {
  let previous = genesis;
  return events.map((event, index) => {
    const at = new Date(1_700_000_000_000 + index * 1_000).toISOString();
    const entry = seal({ schemaVersion: 1, incident: 'i1', version: index + 1, at, event, previous });
    previous = entry.hash;
    return entry;
  });
}

const events = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 12 });

describe('the journal', () => {
  test('a journal as it was written is found whole, also after a trip through JSON', () => {
    fc.assert(
      fc.property(events, (said) => {
        const journal = JSON.parse(JSON.stringify(journalOf(said))) as JournalEntry[];
        const end = { version: journal.length, hash: journal.at(-1)!.hash };
        expect(verifyJournal(journal, { end })).toEqual({ holds: true, entries: said.length });
      }),
    );
  });

  test('the order of the fields of an event does not matter', () => {
    const [entry] = journalOf([{ kind: 'approved', by: 'U1' }]);
    const turned = { ...entry!, event: { by: 'U1', kind: 'approved' } };
    expect(verifyJournal([turned])).toMatchObject({ holds: true });
  });

  test('an event that was changed is found, with its place', () => {
    fc.assert(
      fc.property(events, fc.nat(), (said, pick) => {
        const journal = journalOf(said);
        const index = pick % journal.length;
        journal[index] = { ...journal[index]!, event: { forged: said[index] ?? null } };
        expect(verifyJournal(journal)).toMatchObject({ holds: false, version: index + 1 });
      }),
    );
  });

  test.each([
    'at',
    'incident',
    'schemaVersion',
    'version',
    'previous',
    'hash',
  ] as const)('a changed %s is found', (field) => {
    const journal = journalOf(['one', 'two', 'three']);
    const other = {
      at: '2001-01-01T00:00:00.000Z',
      incident: 'i2',
      schemaVersion: 2,
      version: 7,
      previous: genesis,
      hash: genesis,
    };
    journal[1] = { ...journal[1]!, [field]: other[field] };
    expect(verifyJournal(journal)).toMatchObject({
      holds: false,
      version: expect.toSatisfy((at) => at === 2 || at === 3),
    });
  });

  test('a missing or exchanged entry is found', () => {
    const [one, two, three] = journalOf(['one', 'two', 'three']) as [JournalEntry, JournalEntry, JournalEntry];
    expect(verifyJournal([one, three])).toMatchObject({ holds: false, version: 2 });
    expect(verifyJournal([two, one, three])).toMatchObject({ holds: false, version: 1 });
  });

  test('a cut tail is found when the incident says how long its journal is', () => {
    const journal = journalOf(['one', 'two', 'three']);
    const end = { version: 3, hash: journal[2]!.hash };
    expect(verifyJournal(journal.slice(0, 2), { end })).toEqual({
      holds: false,
      version: 3,
      because: 'the journal ends at entry 2, not at 3',
    });
  });

  test('a later page is checked from where the page before it ended', () => {
    const journal = journalOf(['one', 'two', 'three', 'four']);
    const after = { version: 2, hash: journal[1]!.hash };
    expect(verifyJournal(journal.slice(2), { after })).toEqual({ holds: true, entries: 2 });
    expect(verifyJournal(journal.slice(2))).toMatchObject({ holds: false });
  });
});
