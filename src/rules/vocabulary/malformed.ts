// How parsers and servers say that a configuration cannot be read. Groups: `file`, `at` (line), `near` (the words
// that are wrong). A row that is `weak` parses anything, configuration or not: only the file it names decides.

import { signTable } from '../../core/log-signs.ts';
import { FORMATS } from './malformed/formats.ts';
import { PARSERS } from './malformed/parsers.ts';
import { PLAIN } from './malformed/plain.ts';
import { SERVERS } from './malformed/servers.ts';

export const MALFORMED = signTable([...SERVERS, ...FORMATS, ...PLAIN, ...PARSERS]);

/** Files that hold configuration, by their names. */
export const CONFIG_FILE =
  /(?:\.(?:ya?ml|json5?|toml|conf|cfg|cnf|ini|properties|xml|hcl|env|config|rules|drl|vcl|tf|cue|jsonnet|acl|hocon)|Caddyfile|Corefile|Dockerfile|rc)$/;
