// Commands, protocols and calls that take a secret by its position: chpasswd, AUTH, `--from-literal`, new PDO(…).

import type { Spoken } from './sentences.ts';

/** Rows that are tried on the lines with any of the words; few and long words at a time are found fast. */
interface Family {
  words: RegExp;
  rows: readonly Spoken[];
}

export const commands: readonly Family[] = [
  {
    words: /chpasswd|from-literal|rabbitmqctl|vault login| -[pP] /g,
    rows: [
      { pattern: /\b[\w.-]{1,64}:(?<s>[^\s"'|]{1,200})["']?\s{0,4}\|\s{0,4}(?:sudo )?chpasswd/dg },
      {
        pattern:
          /--from-literal[= ]["']?[\w.-]{1,253}=(?:"(?<s>[^"\n]{1,500})|'(?<t>[^'\n]{1,500})|(?<u>[^\s"']{1,500}))/dg,
      },
      {
        pattern:
          /rabbitmqctl [^\n]{0,80}(?:add_user|change_password|authenticate_user) \S{1,100} ["']?(?<s>[^\s"']{1,200})/dg,
      },
      // Whatever program it is, a user before `-p` tells that no port stands behind it
      {
        pattern:
          /(?:^|\s)(?:-u|-U|--user(?:name)?|useradd)[ =]["']?[\w@.\\-]{1,64}["']? (?:-[a-zA-Z] [^\s-]\S{0,60} ){0,2}-[pP] ["']?(?<s>[^\s"'-][^\s"']{3,200})/dg,
        chosen: true,
      },
      { pattern: /vault login (?:-\S{1,60} ){0,4}(?<s>[^\s=-][^\s=]{3,200})(?=\s|$)/dg },
    ],
  },
  {
    words: /htpasswd|sqlplus|expdp|impdp|sqlldr/g,
    rows: [
      {
        pattern:
          /htpasswd -\w{0,6}b\w{0,6} (?:\S{1,200} )?\S{1,64} ["']?(?<s>[^\s"'-][^\s"']{0,200})["']?[ \t]{0,8}$/dgm,
      },
      {
        pattern: /\b(?:sqlplus|expdp|impdp|sqlldr)(?: -\w{1,3}){0,4} ["']?[\w$#]{1,64}\/["']?(?<s>[^\s"'@]{1,128})/dgi,
      },
    ],
  },
  {
    words:
      /alias set|host add|net use|config(?:ure)? set|config (?:--|\/\/|http-basic|pypi-)|community |SecureString|reg add/g,
    rows: [
      { pattern: /ConvertTo-SecureString (?:-String )?["'](?<s>[^"'\n]{1,300})/dgi },
      { pattern: /net use [^\n]{1,200}\/user:\S{1,100} (?<s>\S{1,200})/dgi },
      { pattern: /^[ \t]{0,8}r[ow]community6? (?<s>\S{1,100})/dgm },
      {
        pattern: /\bmc (?:alias set|config host add) \S{1,64} \S{1,200} \S{1,128} (?<s>\S{1,200})/dg,
      },
      { pattern: /configure set (?<name>[\w.-]{1,100}) (?<s>\S{1,500})/dg },
      // poetry, npm, git, composer and others keep credentials so
      {
        pattern:
          /\bconfig (?:set |add |-{1,2}\w{1,20} ){0,3}\S{0,200}?(?<name>[\w-]{1,60}) ["']?(?<s>[^\s"']{4,500})/dg,
        chosen: true,
      },
      {
        pattern:
          /\bconfig (?:-{1,2}\w{1,20} ){0,3}(?:http-basic\.\S{1,200} \S{1,100}|(?:pypi|github|gitlab)-(?:token|oauth)\.\S{1,200}) (?<s>\S{1,500})/dg,
      },
      { pattern: /reg add [^\n]{1,200}\/v (?<name>[\w.-]{1,60}) (?:\/t \w{1,20} )?\/d "?(?<s>[^\s"]{1,300})/dgi },
    ],
  },
  {
    words: /kinit|-stdin|passphrase-fd|with-token|sudo -S|etcdctl|cache_peer|expect|addauth/g,
    rows: [
      {
        pattern:
          /echo (?:-n )?["']?(?<s>[^"'|\n]{1,200}?)["']?\s{0,4}\|\s{0,4}(?:kinit|sudo -S|[^|\n]{0,200}(?:-stdin|--passphrase-fd|--with-token))/dg,
      },
      { pattern: /etcdctl [^\n]{0,80}user (?:add|passwd) [^\s:]{1,64}:(?<s>\S{1,200})/dg },
      { pattern: /addauth digest [^\s:]{1,64}:(?<s>\S{1,200})/dg },
      { pattern: /cache_peer [^\n]{1,200}login=[^\s:]{1,64}:(?<s>\S{1,200})/dg },
      { pattern: /\bsend(?:_line|line)? (?:-- )?["'](?<s>[^"'\n\\]{1,200})(?:\\[rn])?["']/dg },
    ],
  },
  {
    words: /AUTH2?[ "]| LOGIN |SETUSER|setuser|user default | on [>#]|PASSWORD\(|auth-pass |db2 connect/g,
    rows: [
      { pattern: /\bAUTH2? ["']?(?<s>[^\s"']{6,500})["']? (?:KEYS|COPY|REPLACE|AUTH)\b/dg, chosen: true },
      { pattern: /\bAUTH2 \S{1,64} ["']?(?<s>[^\s"']{4,500})/dg, chosen: true },
      { pattern: /\bauth-pass \S{1,64} ["']?(?<s>[^\s"']{4,500})/dg },
      { pattern: /\bdb2 connect [^\n]{1,100} using ["']?(?<s>[^\s"']{4,200})/dgi },
      { pattern: /\bAUTH (?:PLAIN|LOGIN|XOAUTH2) (?<s>[A-Za-z0-9+/=]{8,2000})/dg },
      {
        pattern: /(?:^|> |\] |redis-cli )"?AUTH"?(?: "?[\w.-]{1,64}"?)?? "?(?<s>[^\s"]{4,500})"?[ \t]{0,8}\r?$/dgm,
        chosen: true,
      },
      {
        pattern: /\b(?:SETUSER|user) \S{1,64} (?:[^\n>#]{0,100} )?[>#](?<s>\S{1,200})/dgi,
      },
      { pattern: /\bHELLO"? "?\d"? "?AUTH"? "?[\w.-]{1,64}"? "?(?<s>[^\s"]{1,500})/dgi },
      { pattern: /^\w{1,8} LOGIN \S{1,100} (?<s>\S{4,200})\r?$/dgm, chosen: true },
      { pattern: /= ?PASSWORD\('(?<s>[^'\n]{1,200})'\)/dgi },
    ],
  },
  {
    words:
      /PDO->_|Sequelize\(|mysqli|ldap_bind|getConnection|ftp_login|ssh2_auth|redentials?\(|BasicAuth|asswordAuthentication\(|AuthProvider\(|(?:auth|login|authenticate)\(["']|\bauth["']?, ?(?:args: ?)?[[<"']/g,
    rows: [
      {
        pattern:
          /(?:PDO->__construct|new Sequelize|mysqli_(?:real_)?connect|mysqli->(?:__construct|real_connect)|ldap_bind|getConnection|ftp_login|ssh2_auth_password)\([^,()\n]{0,300}, ?[^,()\n]{0,100}, ?["'](?<s>[^"'\n]{1,200})/dgi,
      },
      // {auth, <<"user">>, <<"x">>}, { name: 'auth', args: [ 'user', 'x' ] }
      {
        pattern:
          /\bauth["']?, ?(?:args: ?)?\[? ?(?:(?:<<)?["'][^"'\n]{0,100}["'](?:>>)?, ?)?(?:<<)?["'](?<s>[^"'\n]{4,300})["'](?:>>)? ?[\]})]/dg,
        chosen: true,
      },
      {
        pattern:
          /(?:->|::|\.)(?:auth|login|authenticate)\((?:["'][^"'\n]{0,100}["'], ?)?["'](?<s>[^"'\n]{4,300})["']\)/dg,
        chosen: true,
      },
      {
        pattern:
          /\w{0,40}(?:Credentials?|BasicAuth|PasswordAuthentication|AuthProvider)\((?:["'][^"'\n]{0,100}["'], ?){1,3}["'](?<s>[^"'\n]{1,200})["'] ?\)/dg,
      },
    ],
  },
  {
    words: /" "/g,
    // "user" "PASSWORD", a whole line of pgbouncer's userlist
    rows: [{ pattern: /^"[\w.@-]{1,64}" "(?<s>[^"\n]{4,200})"[ \t]{0,8}\r?$/dgm, chosen: true }],
  },
  {
    words: /:5432:|:3306:|\*:\*:/g,
    rows: [
      {
        // host:port:database:user:PASSWORD, a whole line of .pgpass
        pattern: /^(?!\S{0,200}\/)[\w.*-]{1,200}:(?:\d{2,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?<s>[^\s:]{1,200})\r?$/dgm,
        chosen: true,
      },
    ],
  },
];
