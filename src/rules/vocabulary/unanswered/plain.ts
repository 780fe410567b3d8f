// How any program words that a dependency does not answer. Groups: `host`, `port`.

import type { LogSign } from '../../../core/log-signs.ts';

export const PLAIN: LogSign[] = [
  {
    who: 'wait-for-it, dockerize, wait-for',
    pattern:
      /timeout occurred after waiting \d{1,9} seconds for (?<host>[\w.-]{1,200}):(?<port>\d+)|Timeout after \d{1,9}\w{0,3} waiting on dependencies|(?:Operation )?timed out.{0,20}waiting for (?<host2>[\w.-]{1,200}):(?<port2>\d+)/i,
  },
  {
    who: 'any program that names the address',
    pattern:
      /(?<host>[a-z][\w.-]{1,200}|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{2,5})\b.{0,80}\b(?:timed? ?out(?! ?[=:] ?\d)|no route to host|unreachable|ETIMEDOUT|EHOSTUNREACH)/i,
  },
  {
    who: 'any program that says who is silent',
    pattern:
      /\bno (?:answer|response|reply) from (?<host>[a-z0-9][\w.-]{1,200})(?::(?<port>\d{2,5}))?|\b(?:gave|giving) up on (?<host2>[a-z0-9][\w.-]{1,200}):(?<port2>\d{2,5})/i,
  },
  {
    who: 'errno text',
    pattern:
      /\bConnection timed out\b|\bNo route to host\b|\bNetwork is unreachable\b|\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b|\bHost is unreachable\b|ConnectTimeout|connect timeout|connect timed out/i,
  },
  {
    who: 'timeout of an operation',
    weak: true,
    pattern:
      /TimeoutError|context deadline exceeded|i\/o timeout|operation timed out|request timed out|\bread timeout\b/i,
  },
];
