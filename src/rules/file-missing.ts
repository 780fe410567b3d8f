// A file that the program expects is not there, and no reference explains it.

import { cite, known } from '../core/fact.ts';
import { strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { missingFileHits } from './reading/missing-files.ts';
import { details, SPOKEN } from './reading/said.ts';

export default defineRule({
  id: 'file-missing',
  title: 'A file is missing',
  explains: SPOKEN,
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'config-malformed',
    'config-value-invalid',
  ],
  actions: ['rollback'],
  byHand:
    'Put {file|the file that it asks for} into the image or mount it, or correct the path that the program is given.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const all = missingFileHits(evidence, k).filter(
        ({ hit, path }) => !NOT_ABSENCE.test(withoutAdvice(withoutFolders(hit.line.text))) && !OTHERS.test(path),
      );
      const named = all.filter(({ path, hit }) => path !== '' && hit.position !== 'earlier');
      const found = named[0] ?? all.find(({ hit }) => hit.position !== 'earlier');
      if (!found || found.file?.objectMissing) return undefined;
      const { hit, path, file } = found;
      const volume = file ? ` (${file.mount.path} is volume ${file.volume.name}, ${file.volume.type})` : '';
      // A file that a mounted object does make is there: then another copy, or a moment before the mount, is meant.
      const contradicted = file?.exists === true;
      const listed = known(k.container.args)
        ?.concat(known(k.container.command) ?? [])
        .some((a) => path !== '' && a.includes(path));
      return holds(k, {
        strength: contradicted || path === '' ? 'sign' : strengthOf(hit, k),
        summary: `${path || 'A file that the program needs'} is not there${volume}, and ${k.container.name} does not start without it`,
        evidence: [
          hit.citation,
          ...(file?.citations ?? []),
          ...(listed ? cite(k.container.args, (known(k.container.args) ?? []).join(' ').slice(0, 200)) : []),
        ],
        detail: details({
          container: k.container.name,
          file: path,
          volume: file?.volume.name,
          image: known(k.container.image),
        }),
      });
    }),
  doc: {
    looksAt: 'the path in the last words, and what is mounted where it should be',
    means: 'The program opens a file that is neither in the image nor in any volume under that path.',
    fix: 'Mount the file, put it into the image, or correct the path.',
    prevention:
      'Check in the pipeline that what brings {file|this file} there (a build step, a ConfigMap, a Secret) is part of the same release; let the image carry a default for what may be left out.',
    notThis:
      'A file that a ConfigMap or Secret should make (config-key-missing, configmap-missing, secret-missing), a command (command-not-found), a module, or a socket of something that is not running.',
  },
});

// A missing name, table, host or socket is not a missing file.
const NOT_ABSENCE =
  /permission denied|access is denied|\bEACCES\b|VM warning: |unmarshal|(?:^|\s)yaml: |unknown (?:type|field)|shared librar|shared object|exec:? |executable file|OCI runtime|cannot execute|module|(?<![\w-])image(?![\w-])|manifest|holds the lock|locked by|relation|table|column|database "|role "|bucket|\bkey\b.{0,20}not found|host not found|command not found|(?<!ertificate): not found$|getaddrinfo|lookup |\.sock\b|\bHTTP\b|\b404\b|https?:\/\/|can't open file '|jarfile|Gemfile|package\.json.{0,20}script/i;
const OTHERS = /\.so(?:\.\d+)*$|\.sock(?:et)?$|^\/dev\/|^\/proc\/sys|^\/sys\/fs|^https?:|^\/\//;

/** What folders are called says nothing of what is missing. */
function withoutFolders(text: string): string {
  return text.replace(/(?<![:/\w])\/(?:[\w.@+-]{1,100}\/){1,20}/g, '');
}

/** "… Checkout 'https://…' for available files": where to read more is not where it was looked for. */
function withoutAdvice(text: string): string {
  return text.replace(/ (?:Checkout|See|Visit|More at|Details:) '?https?:.*$|[.:] https?:\S+(?:\W{1,4})?$/, '');
}
