// How the entrypoints of well-known images ask for the variables they need. The group `name` is the variable.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';
import { NAME } from './name.ts';

export const IMAGES: LogSign[] = [
  row('postgres image', `superuser password is not specified(?<name>)`),
  row('mysql and mariadb images', `Database is uninitialized and password option is not specified(?<name>)`),
  row('mongo image', `missing '(?<name>MONGO_INITDB_ROOT_\\w{4,12})'`),
  row('bitnami images', `The ${NAME} environment variable is empty or not set`),
  row('pgadmin image', `You need to (?:define|specify) the (?<name>PGADMIN_\\w{4,60})`),
  row(
    'Confluent images',
    `^(?<name>(?:KAFKA|ZOOKEEPER|SCHEMA_REGISTRY|CONNECT|CONTROL_CENTER)_[A-Z_]{2,80}) is required`,
  ),
  row(
    'Datadog agent',
    `(?<name>DD_API_KEY) environment variable to run|API key (?:must be|is not) (?:provided|set|configured)`,
  ),
];
