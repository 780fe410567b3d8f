// The schema does not fit: a migration failed or never ran, is locked or dirty, or a table is missing.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { dependencyOf } from './reading/dependency.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';
import { together } from './vocabulary/row.ts';

const SCHEMA = signTable([
  {
    who: 'golang-migrate',
    pattern:
      /Dirty database version (?<version>\d+)|no migration found for version (?<version2>\d+)|can't acquire (?:database )?lock|migration failed.{0,200}/i,
  },
  {
    who: 'Flyway',
    pattern:
      /FlywayValidateException|FlywayMigrateException|Validate failed: |Migration checksum mismatch|Found non-empty schema\(s\)|failed migration to version|Detected (?:failed|resolved|applied) migration|Migration V?(?<version>[\w.]{1,60})\S{0,200} failed|Unable to obtain lock.{0,40}flyway/i,
  },
  {
    who: 'Liquibase',
    pattern:
      /LiquibaseException|MigrationFailedException|Could not acquire change log lock|ValidationFailedException|Waiting for changelog lock|Migration failed for change ?set/i,
  },
  {
    who: 'Alembic',
    pattern:
      /Can't locate revision identified by '(?<version>[^']+)'|Target database is not up to date|Multiple head revisions are present|alembic\.util\.exc/i,
  },
  {
    who: 'Django',
    pattern:
      /InconsistentMigrationHistory|Conflicting migrations detected|You have \d+ unapplied migration|django\.db\.migrations\.exceptions|NodeNotFoundError/i,
  },
  {
    who: 'Rails',
    pattern:
      /ActiveRecord::(?:PendingMigrationError|ConcurrentMigrationError|IrreversibleMigration|UnknownMigrationVersionError)|Migrations are pending|StandardError: An error has occurred,.{0,40}migrations canceled/i,
  },
  {
    who: 'Prisma',
    pattern:
      /\bP30(?:05|06|09|18)\b|migrate found failed migrations|A migration failed to apply|The table `(?<table>[^`]+)` does not exist in the current database|P2021/,
  },
  {
    who: 'Entity Framework, Knex, TypeORM, Sequelize, Laravel, Ecto, Doctrine, Diesel, sqlx, goose',
    pattern:
      /pending changes|The migration directory is corrupt|MigrationLocked|Migration table is already locked|Migration ".{1,100}" failed|migration .{1,100} (?:was previously applied but (?:is missing|has been modified)|is partially applied)|Nothing to migrate.{0,20}fail|goose run: |Ecto\.MigrationError|Doctrine\\Migrations|VersionMismatch\(|Ran out of migrations/i,
  },
  {
    who: 'PostgreSQL, also through drivers',
    pattern:
      /(?:relation|column|table|type|function|schema|index|constraint) "?(?<table>[\w.]+)"?(?: of relation "[^"]+")? (?:does not exist|already exists)|\b(?:UndefinedTable|UndefinedColumn|DuplicateTable|DuplicateColumn|UndefinedObject|DuplicateObject|InvalidSchemaName)\b|\b42(?:P01|703|P07|701)\b/,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Table '(?<table>[^']+)' (?:doesn't exist|already exists)|Unknown column '(?<table2>[^']+)' in|Duplicate column name '(?<table3>[^']+)'|Duplicate key name|ER_NO_SUCH_TABLE|ER_BAD_FIELD_ERROR|\[?42S(?:02|22|01)\]?/,
  },
  {
    who: 'SQLite, SQL Server, Oracle',
    pattern:
      /no such (?:table|column): (?<table>[\w.]+)|table "?(?<table2>[\w.]+)"? already exists|Invalid (?:object|column) name '(?<table3>[^']+)'|There is already an object named '(?<table4>[^']+)'|ORA-00942|ORA-00904|ORA-00955/i,
  },
  {
    who: 'Hibernate',
    pattern:
      /Schema-validation: missing (?:table|column|sequence) \[(?<table>[^\]]{1,200})\]|SchemaManagementException/,
  },
  {
    who: 'Cassandra',
    pattern: /unconfigured (?:table|columnfamily) (?<table>\S+)|Keyspace '?(?<table2>[\w.]+)'? does not exist/i,
  },
  {
    who: 'checks that print both versions',
    pattern:
      /\bschema version\D{0,40}(?<version>\d[\d.]{0,20})\D{0,40}\bexpected\D{0,20}(?<wanted>\d[\d.]{0,20})|\bexpected (?:schema |database |db |migration )version\D{0,20}(?<wanted2>\d[\d.]{0,20})\D{0,40}(?:\b(?:found|got|has|have|is|at|current|actual|version)\b)\D{0,20}(?<version2>\d[\d.]{0,20})|\bschema version\b\D{0,40}\bexpected\D{0,20}(?<wanted3>\d[\d.]{0,20})\D{1,40}(?<version3>\d[\d.]{0,20})/i,
  },
  {
    who: 'Odoo, Airflow, MLflow, Gitea, Zabbix: a database that was never made ready, or is ahead of the program',
    pattern:
      /database \S{1,80} (?:is )?not initiali[sz]ed|need to initiali[sz]e the database|cannot perform database upgrade|out-of-date database schema|database \(migration version: (?<version>\d+)\) is for a newer/i,
  },
  together(
    '\\bschema\\b|\\bmigrations?\\b',
    '\\b(?:needs?|expects?|requires?) (?:version )?v?\\d{1,9}|\\brun (?:the )?migrations?\\b|\\bnot (?:been |yet )?(?:run|applied)\\b|\\b(?:behind|ahead of|locked by)\\b',
  ),
  {
    who: 'any migration tool',
    pattern:
      /\b(?:version|schema|migration)\b.{0,40}\bis (?:marked )?(?:as )?dirty\b|(?<!storage )\bmigrations?\b.{0,60}\b(?:failed|could not be applied|error|aborted|incompatible|is locked|dirty)\b|schema version.{0,60}(?:mismatch|newer|older|does not match|incompatible)|(?:database|db) schema is (?:not up to date|too (?:old|new)|newer|out[- ]of[- ]date|outdated)|(?:out[- ]of[- ]date|outdated|incompatible|unsupported) (?:database |db )?schema\b/i,
  },
]);

const NAMED =
  /\b(?:relation|table|column|index|type|sequence|schema) ["'`]([\w.]{1,80})["'`](?: of relation "[\w.]{1,80}")? (?:does not exist|already exists)/i;

export default defineRule({
  id: 'migration-failed',
  title: 'The database schema does not fit',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'dependency-timeout',
    'probe-endpoint-failing',
    'probe-too-early',
    'config-malformed',
  ],
  actions: ['rollback'],
  byHand: 'Look at the state of the schema; finish or undo the migration by hand before the next start.',
  judge: (evidence) =>
    fromLog(evidence, SCHEMA, (hit, k) => {
      const g = hit.groups;
      const table = g.table ?? g.table2 ?? g.table3 ?? g.table4 ?? NAMED.exec(hit.line.text)?.[1];
      const version = g.version ?? g.version2 ?? g.version3;
      const wanted = g.wanted ?? g.wanted2 ?? g.wanted3;
      // A check that finds what it expects says so too.
      if (wanted !== undefined && wanted === version) return undefined;
      const { detail } = dependencyOf(hit, k, evidence);
      const text = hit.line.text;
      const what = /already exists|Duplicate|already an object|42P07|42S01/i.test(text)
        ? `a migration of ${k.container.name} creates ${table ? `${table}, which` : 'something that'} already exists`
        : table
          ? `the database has no ${table}, which ${k.container.name} needs: the migration that makes it has not run there`
          : version
            ? `the schema stands at ${wanted ? `version ${version} where ${wanted} is expected` : `migration ${version}`}, with which ${k.container.name} cannot go on`
            : `the database schema does not fit ${k.container.name}: ${inBrief(text, 140)}`;
      return { summary: what, detail: { ...detail, ...details({ table, version }) } };
    }),
  doc: {
    looksAt: 'the last words of the program and of its migration tool',
    means:
      'Program and database disagree about the schema: a migration failed half way, ran twice, is locked, or never ran.',
    fix: 'Bring the schema to a known version by hand, mark it so in the migration table, then start again. A restart repeats the same step.',
    prevention:
      'Run the migrations that {container} needs once, as a Job before the rollout, each in a transaction and repeatable, never from every replica at start.',
    notThis: 'A database that cannot be reached never got as far as its schema.',
  },
});
