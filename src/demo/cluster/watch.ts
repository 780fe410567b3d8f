// WATCH: the history after a resourceVersion, then what happens, one JSON line each, with bookmarks for those who allow them.
// A resourceVersion older than the history gets one ERROR event with a 410 and the end of the stream, as from the API server.
import type { Answer } from './http.ts';
import { apiVersionOf, type KubeObject } from './kinds.ts';
import { type Known, matcher, present, revisionAsked } from './read.ts';
import type { Matches } from './selectors.ts';
import { expired, tooNewVersion } from './status-errors.ts';
import type { Change, Store } from './store.ts';

export type WatchOptions = { bookmarkEveryMs: number };
const longestSeconds = 1800;

/** What a watcher with that selector sees of a change: an object that leaves the selection is deleted to it. */
function seen(change: Change, matches: Matches): { type: Change['type']; object: KubeObject } | undefined {
  const now = change.type !== 'DELETED' && matches(change.object);
  const before = change.before !== undefined && matches(change.before);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before) return undefined;
  const { resourceVersion } = change.object.metadata;
  return { type: 'DELETED', object: { ...change.before!, metadata: { ...change.before!.metadata, resourceVersion } } };
}

export function watch(store: Store, route: Known, query: URLSearchParams, { bookmarkEveryMs }: WatchOptions): Answer {
  const matches = matcher(route, query);
  const asked = revisionAsked(query) ?? 0;
  if (asked > store.revision()) throw tooNewVersion(asked, store.revision());
  const withInitial = query.get('sendInitialEvents') === 'true';
  const missed = asked > 0 && !withInitial ? store.since(asked) : [];
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const seconds = Number(query.get('timeoutSeconds') ?? longestSeconds) || longestSeconds;
  const resource = route.info.resource;

  return {
    stream({ line, end, left }) {
      if (!missed) {
        const { status } = expired(`too old resource version: ${asked} (${store.oldest()})`);
        line({ type: 'ERROR', object: status });
        end();
        return;
      }
      const tell = (change: Change): void => {
        const event = change.resource === resource ? seen(change, matches) : undefined;
        if (event) line({ type: event.type, object: present(route, event.object) });
      };
      const bookmark = (annotations?: Record<string, string>): void => {
        const metadata = { resourceVersion: String(store.revision()), annotations, creationTimestamp: null };
        line({ type: 'BOOKMARK', object: { kind: route.info.kind, apiVersion: apiVersionOf(route.info), metadata } });
      };
      if (asked === 0 || withInitial) {
        const all = store.list(resource) as unknown as KubeObject[];
        for (const object of all.filter(matches)) line({ type: 'ADDED', object: present(route, object) });
        if (withInitial) bookmark({ 'k8s.io/initial-events-end': 'true' });
      }
      for (const change of missed) tell(change);
      const forget = store.onChange(tell);
      const ticker = bookmarks ? setInterval(bookmark, bookmarkEveryMs) : undefined;
      const close = (): void => {
        forget();
        clearInterval(ticker);
        clearTimeout(timer);
      };
      const timer = setTimeout(() => {
        if (bookmarks) bookmark();
        close();
        end();
      }, Math.min(seconds, longestSeconds) * 1000);
      left.addEventListener('abort', close);
    },
  };
}
