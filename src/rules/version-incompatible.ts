// Components, plugins or protocols do not fit together: each works, with another version of the other.

import { cite, known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';
import { rowInAnyCase as row, together } from './vocabulary/row.ts';

const UNFIT = signTable([
  row(
    'JVM',
    'UnsupportedClassVersionError|has been compiled by a more recent version of the Java Runtime|class file has wrong version',
  ),
  row('JVM', '(?:NoSuchMethodError|NoSuchFieldError|IncompatibleClassChangeError|AbstractMethodError|VerifyError):'),
  row(
    'Spring Boot',
    'Your project setup is incompatible with our requirements|An attempt was made to call a method that does not exist',
  ),
  row(
    'Node.js',
    'compiled against a different Node\\.js version|NODE_MODULE_VERSION \\d|The engine "\\w+" is incompatible with this module|Unsupported engine|requires Node\\.?js',
  ),
  row(
    'Node.js older than what was written for it',
    'ReferenceError: (?:ReadableStream|fetch|structuredClone|crypto|File|FormData|Headers|Blob|WebSocket|AbortController|CustomEvent|DOMException|Iterator) is not defined|(?:\\.(?:at|replaceAll|toSorted|findLast|hasOwn)|Object\\.groupBy|Promise\\.withResolvers|structuredClone) is not a function',
  ),
  row(
    'Python newer than what was written for it',
    "module '(?:collections|asyncio|inspect|fractions|time|numpy|pkgutil)' has no attribute '(?:Mapping|MutableMapping|Callable|Iterable|Sequence|coroutine|getargspec|gcd|clock|float|int|bool|object|ImpImporter)'",
  ),
  row(
    'Python',
    'numpy\\.\\w+ size changed|module (?:that was )?compiled (?:against API version|using NumPy)|Descriptors cannot (?:not )?be created directly|VersionConflict|ContextualVersionConflict|requires Python|DistributionNotFound|Detected incompatible Protobuf|has been moved to the `pydantic-settings` package|PydanticImportError',
  ),
  row(
    'Ruby',
    'Your Ruby version is .{1,20}, but your Gemfile specified|You have already activated \\S{1,60} .{0,20}but your Gemfile requires|You must use Bundler \\d',
  ),
  row('PHP', 'Your Composer dependencies require a PHP version|Composer detected issues in your platform'),
  row(
    '.NET',
    "You must install or update \\.NET to run this application|It was not possible to find any compatible framework version|The framework 'Microsoft\\.\\w+\\.App', version .{1,20} \\(\\w+\\) was not found",
  ),
  row('Go plugins', 'plugin was built with a different version of package'),
  row(
    'Elasticsearch, Jenkins, Grafana, WordPress',
    'plugin .{1,120}(?:is incompatible|incompatible with|was (?:built|designed) for|requires (?:Elasticsearch|OpenSearch|Jenkins|Grafana|Kibana))|requires a newer version of (?:Jenkins|Grafana)|plugin prerequisites not met|there is an older version defined on the top level|is not compatible with (?:this version|version|the (?:current|installed|running))',
  ),
  row('Elasticsearch clients', 'UnsupportedProductError|ProductNotSupportedError|the server is not Elasticsearch'),
  row('CUDA', 'no kernel image is available for execution on the device'),
  row('Flyway', 'Unsupported Database: [A-Z]\\w{1,20} [\\d.]+'),
  row('jemalloc', '<jemalloc>: Unsupported system page size'),
  row('libpq', 'SCRAM authentication requires libpq version'),
  row('Terraform', 'Unsupported Terraform Core version'),
  row('Jenkins', 'Jenkins \\([\\d.]{1,20}\\) or higher required'),
  row(
    'Docker, Kubernetes clients',
    'kubernetes version .{1,40}is not compatible|client version \\S{1,12} is too (?:old|new)|(?:Minimum|Maximum) supported API version|server version .{1,60}(?:is not supported|too old|unsupported)|kubernetes version .{1,40}(?:is not supported|unsupported|does not (?:meet|satisfy))|incompatible with .{0,20}kubernetes',
  ),
  row(
    'MongoDB',
    'maximum wire version \\d+, but this version|wire version .{0,60}(?:incompatible|requires)|is too (?:old|new) for this (?:version of the )?driver',
  ),
  row(
    'Kafka',
    'UnsupportedVersionException|The broker does not support|UNSUPPORTED_VERSION|unsupported api (?:key|version)',
  ),
  row(
    'databases',
    'requires (?:at least )?(?:PostgreSQL|MySQL|MariaDB|MongoDB|Redis|Elasticsearch|OpenSearch|SQLite)(?: server)?(?: version)? ?(?:v|>=?|\\d)|(?:PostgreSQL|MySQL|MariaDB|Redis|database|server) version .{1,40}(?:is )?(?:not supported|too old|unsupported|or (?:later|newer|higher) (?:is )?required)|unsupported (?:frontend )?protocol version|Client does not support authentication protocol',
  ),
  row('databases', 'unknown command [`\'"]?\\w{2,20}[`\'"]?,? with args beginning'),
  row(
    'native',
    'ABI (?:version )?mismatch|version mismatch|versions? (?:do not|don.t) match|incompatible (?:API |ABI |protocol |schema )?version|API version mismatch|unsupported (?:API |protocol |schema |config |plugin )version',
  ),
  row(
    'any program that names both versions',
    '\\b(?:needs|requires|wants|expects|built for)\\b (?!.{0,20}kernel)[\\w./ -]{1,40}?(?:>=?|at least|version|\\bv) ?\\d+\\.\\d[\\w.]{0,12}(?! ?[KMGT]i?B).{0,20}\\b(?:this|but|found|have|got|running|current)\\b.{0,40}?\\d+\\.\\d|protocol version .{0,40}(?:not supported|unsupported)',
  ),
  row(
    'peers',
    'remote version .{1,60}(?:incompatible|not supported)|is (?:not|no longer) (?:backwards?[- ])?compatible with|requires (?:server|agent|client|controller|operator) version',
  ),
  together(
    '\\b(?:server|client|database|broker|engine|runtime|plugin|agent)\\b.{0,20}\\b(?:is|version)\\b v?\\d+[\\d.]*',
    '\\b(?:at least|minimum)\\b.{0,20}\\d',
  ),
  together('\\bprotocols?\\b|\\binterfaces?\\b', '\\bdo(?:es)? not match\\b|\\bmismatch\\b|\\bincompatible\\b'),
]);

export default defineRule({
  id: 'version-incompatible',
  title: 'Versions do not fit together',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'module-missing',
    'aborted',
    'heap-exhausted',
    'dependency-timeout',
  ],
  actions: ['rollback'],
  byHand: 'Bring {image|the program} and what it works with to versions that fit; the last words say what does not.',
  judge: (evidence) =>
    fromLog(evidence, UNFIT, (hit, k) => {
      if (
        hit.position === 'earlier' ||
        /GLIBC|database files are incompatible|RDB format|data (?:directory|files)|on-disk|certificate|tls/i.test(
          hit.line.text,
        )
      )
        return undefined;
      return {
        summary: `${k.container.name} does not fit what it works with: ${inBrief(hit.line.text)}`,
        more: cite(k.container.image, known(k.container.image) ?? ''),
        detail: details({ image: known(k.container.image) }),
      };
    }),
  doc: {
    looksAt: 'the words of runtimes, plugins and clients about versions, interfaces and protocols',
    means: 'Two parts that are each in order speak different versions of the same interface.',
    fix: 'Go back to the version that fitted, or move the other part forward as well.',
    prevention: 'Pin versions that belong together in one place, and test {image|the image} against what really runs.',
    notThis:
      'Data written by another version (data-version-incompatible), a C library that is too old (library-missing), a resource that is not served (crd-missing).',
  },
});
