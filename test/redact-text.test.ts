// What redaction takes out of text and what it leaves. Every secret here is made up.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../src/core/redact.ts';

const rsa = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.c2lnbmF0dXJlLWJ5dGVz';

/** Tokens of issuers, cut in two here so that no scanner of repositories takes them for real ones. */
const issued = [
  ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'],
  ['gh', 's_16C7e42F292c6912E7710c838347Ae178B4a'],
  ['github_', 'pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz0123456789ABCD'],
  ['glp', 'at-ABCdef123456789_-xyz'],
  ['xox', 'b-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'],
  ['xap', 'p-1-A0123456789-1234567890123-abcdef0123456789abcdef'],
  ['AKI', 'AIOSFODNN7EXAMPLE'],
  ['ASI', 'AIOSFODNN7EXAMPLE'],
  ['AIz', 'aSyA1234567890abcdefghijklmnopqrstuvw'],
  ['ya', '29.a0AfH6SMBx-abcdefghijklmnopqrstuvwxyz01'],
  ['sk_', 'live_4eC39HqLyjWDarjtT1zdp7dc'],
  ['rk_', 'test_4eC39HqLyjWDarjtT1zdp7dc'],
  ['whs', 'ec_4eC39HqLyjWDarjtT1zdp7dcAb12'],
  ['npm', '_abcdefghijklmnopqrstuvwxyz0123456789'],
  ['sk-', 'proj-AbCdEf0123456789AbCdEf0123456789'],
  ['sk-', 'ant-api03-AbCdEf0123456789AbCdEf0123456789'],
  ['SG', '.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr'],
  ['hv', 's.CAESIAbCdEf0123456789AbCdEf0123456789'],
  ['SK', '0123456789abcdef0123456789abcdef'],
  ['dop', '_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
  ['hf', '_AbCdEf0123456789AbCdEf0123456789'],
  ['sha', '256~AbCdEf0123456789AbCdEf0123456789AbCdEf01234'],
  ['dckr', '_pat_AbCdEf0123456789AbCdEf01'],
  ['gls', 'a_AbCdEf0123456789AbCdEf0123456789_0a1b2c3d'],
  ['123456789:', 'AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1'],
  ['abc8', 'Q~0123456789abcdefghijABCDEFGHIJ.-_~1'],
  ['pypi-', 'AgEIcHlwaS5vcmcCJDAxMjM0NTY3LTg5YWIt'],
  [`${'Ab1/'.repeat(21)}`, 'Cd=='],
].map((parts) => parts.join(''));

/** One canary in every syntax in which programs show secrets. `§` is where the secret stands. */
const syntaxes = [
  'password=§',
  'PASSWORD=§',
  'PGPASSWORD=§',
  'export DB_PASSWORD=§',
  'DB_PASSWORD: §',
  '  password: §',
  '- password: §',
  'password = §',
  'password := "§"',
  '"password": "§"',
  '"password":"§"',
  "'password': '§'",
  '{"user":"bob","db_password":"§","port":5432}',
  String.raw`{\"password\":\"§\"}`,
  String.raw`\\\"token\\\":\\\"§\\\"`,
  ':password=>"§"',
  '"password" => "§"',
  'passwd=§;',
  'Server=db,1433;Database=shop;User Id=sa;Password=§;Encrypt=True',
  'AccountName=shop;AccountKey=§;EndpointSuffix=core.windows.net',
  'Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=§',
  'host=db user=app password=§ dbname=shop',
  "host=db password='§' dbname=shop",
  'jdbc:postgresql://db:5432/shop?user=app&password=§',
  'jdbc:mysql://db/shop?password=§&useSSL=false',
  'https://api.example.com/v1?api_key=§&page=2',
  'GET /cb?access_token=§ HTTP/1.1',
  '--password §',
  '--password=§',
  '--db-password "§"',
  '-password §',
  'args: ["--password", "§"]',
  '["--api-key","§","--verbose"]',
  'mysql -uroot -p§ -h db',
  'mysqldump --user=root -p§ shop',
  'curl -u admin:§ http://api/health',
  'redis-cli -h cache -a § ping',
  'sshpass -p § ssh root@host',
  'requirepass §',
  'Authorization: Bearer §',
  'Authorization: Basic §',
  '"authorization":"Bearer §"',
  'authorization=[Bearer §]',
  '-H "Authorization: token §"',
  'X-Api-Key: §',
  'X-Vault-Token: §',
  '"x-api-key": ["§"]',
  'Cookie: session=§; theme=dark',
  'Set-Cookie: sid=§; Path=/; HttpOnly',
  'sending bearer §1 to upstream',
  'postgres://app:§@db:5432/shop',
  'redis://:§@cache:6379/0',
  'amqp://app:§@rabbit:5672/%2f',
  'mongodb+srv://app:§@cluster0.example.net/shop?retryWrites=true',
  'mongodb://app:§@m1:27017,m2:27017/shop',
  'https://oauth2:§@git.example.com/shop.git',
  String.raw`"url":"postgres:\/\/app:§@db:5432\/shop"`,
  'app:§@tcp(db:3306)/shop?parseTime=true',
  'jdbc:oracle:thin:app/§@//db:1521/XE',
  "CREATE USER app IDENTIFIED BY '§'",
  "ALTER ROLE app WITH PASSWORD '§'",
  '<password>§</password>',
  'client_secret=§',
  'clientSecret: "§"',
  'aws_secret_access_key = §',
  'AWS_SECRET_ACCESS_KEY=§',
  'secretAccessKey: §',
  '"private_key_id":"x","apiKey":"§"',
  'msg="starting" token=§ user=bob',
  'config{Host:db Password:§ Port:5432}',
  'Config(user=bob, password=§, host=db)',
  '\u001b[36mpassword=\u001b[0m§',
  '\u001b[36mpassword\u001b[0m=\u001b[32m§\u001b[0m',
  'spring.datasource.password=§',
  'ConnectionStrings__Default=Server=db;Password=§',
  'password%3D§',
  'level=info msg="using secret=§"',
  'DATABASE_PASSWORD_OLD=§',
  'passphrase: "§"',
  'ENCRYPTION_KEY=§',
  "os.environ['API_TOKEN'] = '§'",
  '- name: DB_PASSWORD\n  value: §',
  '{"name":"DB_PASSWORD","value":"§"}',
  String.raw`{\"name\":\"API_TOKEN\",\"value\":\"§\"}`,
  'docker login -u bob -p § registry.example.com',
  '//registry.example.com/:_authToken=§',
  'Using generated security password: §',
  'sasl.jaas.config=PlainLoginModule required username="a" password="§";',
  '+  password: §',
  'Uid=sa;Pwd=§;',
];

const canary = fc
  .tuple(fc.stringMatching(/^[A-Z][a-z]{3}[0-9][A-Za-z0-9]{8,14}[!#%+]?[a-z0-9]$/), fc.nat())
  .map(([word]) => word);

describe('secrets in text', () => {
  it.each(issued)('a token that its issuer marks is hidden: %s', (token) => {
    for (const line of [
      token,
      `using ${token} now`,
      `"${token}"`,
      `x=${token},y=1`,
      `https://${token}@git.example.com/a.git`,
      String.raw`{"log":"a\n${token}\n"}`,
    ]) {
      expect(redactText(line).text).not.toContain(token);
    }
  });

  it.each(syntaxes)('a planted secret does not survive in: %s', (syntax) => {
    fc.assert(
      fc.property(
        canary,
        fc.constantFrom('', 'a line before\n', '2026-11-21T02:27:36Z INFO ', '\u001b[31m'),
        (secret, before) => {
          const { text, removed } = redactText(`${before}${syntax.replace('§', secret)}\nnext line`);
          expect(text).not.toContain(secret);
          expect(text.split('\n')).toHaveLength(2 + Number(before.endsWith('\n')) + Number(syntax.includes('\n')));
          expect(removed.length).toBeGreaterThan(0);
          expect(redactText(text).text).toBe(text);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a plain word is hidden too where a value stands alone on its line', () => {
    expect(redactText('password: changeme').text).toBe('password: ‹hidden password›');
    expect(redactText('DB_PASSWORD=correct horse battery').text).toBe('DB_PASSWORD=‹hidden password›');
  });

  it('a JWT is hidden, also when it is a service account token', () => {
    expect(redactText(`token is ${jwt}.`).text).not.toContain('eyJ');
    expect(redactText(`{"log":"x\\n${jwt}"}`).text).not.toContain('eyJ');
  });

  it('user, host, port and database of a URL survive, only the password goes', () => {
    expect(redactText('dial postgres://app:pa55word@db.shop.svc:5432/shop?sslmode=disable failed').text).toBe(
      'dial postgres://app:‹hidden url-password›@db.shop.svc:5432/shop?sslmode=disable failed',
    );
    expect(redactText('postgres://app:p@ss/w:rd@db:5432/shop').text).toBe(
      'postgres://app:‹hidden url-password›@db:5432/shop',
    );
  });

  it('user and password of a container registry are hidden in their base64 form', () => {
    expect(redactText('{"auths":{"registry.example.com":{"auth":"Ym9iOmh1bnRlcjI="}}}').text).not.toContain('Ym9iOmh1');
  });

  it('a private key goes, its frame and every line number stay', () => {
    const key = `start\n-----BEGIN RSA PRIVATE KEY-----\n${rsa}\n${rsa}\n-----END RSA PRIVATE KEY-----\nend`;
    const { text, removed } = redactText(key);
    expect(text.split('\n')).toEqual([
      'start',
      '-----BEGIN RSA PRIVATE KEY-----',
      '‹hidden private-key›',
      '',
      '-----END RSA PRIVATE KEY-----',
      'end',
    ]);
    expect(removed).toEqual([{ what: 'private-key', at: 'text', line: 3, characters: rsa.length * 2 + 1 }]);
  });

  it.each([
    ['whose end was cut off', `-----BEGIN PRIVATE KEY-----\n${rsa}\n${rsa}\nlistening on 8080`],
    ['whose start was cut off', `${rsa}\n${rsa}\n-----END PRIVATE KEY-----\nlistening on 8080`],
    [
      'on one line with escaped newlines',
      `"key":"-----BEGIN PRIVATE KEY-----\\n${rsa}\\n-----END PRIVATE KEY-----\\n" listening on 8080`,
    ],
    [
      'with a prefix before each line',
      `[pod/a/b] -----BEGIN EC PRIVATE KEY-----\n[pod/a/b] ${rsa}\n[pod/a/b] -----END EC PRIVATE KEY-----\nlistening on 8080`,
    ],
    ['of a certificate', `-----BEGIN CERTIFICATE-----\n${rsa}\n-----END CERTIFICATE-----\nlistening on 8080`],
  ])('a key %s is hidden', (_, key) => {
    const { text } = redactText(key);
    expect(text).not.toContain(rsa.slice(0, 20));
    expect(text).toContain('listening on 8080');
    expect(text.split('\n')).toHaveLength(key.split('\n').length);
  });

  it('says what was removed, where and how long it was, and never what it said', () => {
    const { removed } = redactText('one\ntwo password=hunter2-x\n');
    expect(removed).toEqual([{ what: 'password', at: 'text', line: 2, characters: 9 }]);
  });
});

describe('evidence in text', () => {
  it.each([
    'FATAL:  password authentication failed for user "dunning-app"',
    'connection to server at "db" (10.0.0.2), port 5432 failed: fe_sendauth: no password supplied',
    "KeyError: 'DB_PASSWORD'",
    "KeyError: 'API_TOKEN'",
    'Error: secret "invoice-db-credentials" not found',
    "couldn't find key api-token in Secret vouchers/vouchers-upstream",
    'MountVolume.SetUp failed for volume "tls" : secret "edge-tls" not found',
    'required environment variable STRIPE_API_KEY is not set',
    'missing environment variables: DB_PASSWORD, API_TOKEN',
    'password: must not be empty',
    'config error: token: required',
    'field "password": cannot be blank',
    '{"password":["This field is required."]}',
    'PASSWORD=',
    'password=""',
    'DB_PASSWORD=${DB_PASSWORD}',
    'password=<nil>',
    'password=****',
    'token: null',
    'SyntaxError: Unexpected token } in JSON at position 14',
    "unexpected token 'wehn' at line 14",
    "unexpected token: 'wehn'",
    'flag --password is required',
    'unknown flag: --api-key',
    'missing required flag --token for login',
    'NOAUTH Authentication required.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    "Access denied for user 'app'@'10.0.0.7' (using password: YES)",
    'ERROR 1045 (28000): Access denied (using password: NO)',
    'Authorization header is missing',
    'authorization: required',
    'bearer token is missing',
    'no bearer authentication configured',
    'invalid token: signature is invalid',
    'open /run/secrets/db/password: no such file or directory',
    'password_file=/run/secrets/db/password',
    'cannot read token from /var/run/secrets/kubernetes.io/serviceaccount/token: permission denied',
    'Pulled image "registry.example.com/shop/api@sha256:f73f6060791d3435829ce29c406ef1879d42095ec0587a04a89873e750c541ce"',
    'containerd://eb94741b5b73be27530a741327b37d6d87b9d54d385015d4d9c2705410c0e0d1',
    'Back-off restarting failed container api in pod api-7c4cf845f9-bh4cf_shop(a035e1a4-fad8-48f8-8e93-9152cb3f76b1)',
    'at com.example.auth.TokenProvider.getPassword(TokenProvider.java:42)',
    'File "/app/auth/password.py", line 3, in check_password',
    'dial tcp 10.0.0.7:5432: connect: connection refused',
    'redis://hub-redis:6379/0',
    'http://theme-store/bundles/theme-9.0.0.tgz',
    'proxy_pass http://upstream:8080;',
    'ssh-rsa key-1.2.3',
    'secret="shop/invoice-db" err="not found"',
    'kubernetes.io/service-account-token',
    'default-token-x7k2p',
    'monkey=banana key=value',
    'sort key: name',
    'primary key (id)=(42) already exists',
    'tokens: 4096',
    'max_tokens=100',
    'token_ttl=15m',
    'passed: 12 failed: 1',
    'pass: 12',
    'Liveness probe failed: HTTP probe failed with statuscode: 401',
    'https://registry.example.com:5000/v2/shop@sha256/manifests',
    'user@example.com logged in',
    'Normal  Pulled  2m  kubelet  Container image "haproxy:2.6.12" already present',
    'error: cannot use secretKeyRef: key "db.password" not found',
    'PWD=/app',
    'imagePullSecret=regcred not found',
    'name: PASSWORD_FILE\n  value: /run/secrets/db/password',
    'auth_method=scram-sha-256',
    'sslkey=/etc/tls/tls.key',
    'ssl_certificate_key /etc/nginx/tls/tls.key;',
  ])('survives: %s', (line) => {
    expect(redactText(line)).toEqual({ text: line, removed: [] });
  });
});

describe('any text', () => {
  const chunk = fc.oneof(
    fc.constantFrom(
      ...syntaxes.map((s) => s.replace('§', 'Abcd1efgh2Ijkl')),
      ...issued,
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      '‹hidden password›',
      '‹',
      '›',
      'password=',
      '"',
      "'",
      '\\',
      '\n',
      '\r\n',
      ' ',
      ':',
      '://',
      '@',
    ),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  const text = fc.array(chunk, { maxLength: 12 }).map((parts) => parts.join(''));

  it('keeps its number of lines, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(text, (input) => {
        const once = redactText(input).text;
        expect(once.split('\n')).toHaveLength(input.split('\n').length);
        expect(redactText(once).text).toBe(once);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 3_000) },
    );
  });

  it.each([
    'a',
    '=',
    ':',
    '"',
    "'",
    '\\',
    '-',
    ' -a',
    '@',
    '://a:b@',
    'eyJ',
    'eyJ-',
    'key=',
    'password="',
    '--password',
    '-----BEGIN A KEY-----\n',
    'mysql -p',
    'Ab1/',
    'Authorization: ',
    '{"token":["',
  ])('a megabyte of %j is read to its end', (piece) => {
    const input = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expect(redactText(input).text.split('\n')).toHaveLength(input.split('\n').length);
  });
});
