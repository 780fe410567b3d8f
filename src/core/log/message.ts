// What one line says: time stamps, level and structure taken away, whatever logging library printed it.

import { type Level, levelOf } from './level.ts';
import { readJson, readLogfmt } from './structured.ts';

export interface Message {
  text: string;
  level: Level;
}

export function readMessage(raw: string): Message {
  const start = raw.indexOf('{');
  if (start >= 0 && raw.endsWith('}')) {
    const structured = readJson(raw.slice(start), raw.slice(0, start));
    if (structured) return structured;
  }
  return readLogfmt(raw) ?? readPlain(raw);
}

// klog: "E1121 02:26:52.739155       1 main.go:12] message"
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [\w./-]+:\d+\] (.*)$/;

// glog as TensorFlow and others print it, behind a date: "F tensorflow/core/x.cc:37] message"
const GLOG = /^:? ?([IWEF]) [\w./-]{1,200}:\d{1,6}\] (.*)$/;

const STAMP =
  /^[[(]?\d{4}[-/.]\d\d[-/.]\d\d[T ,:]?\s?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d|UTC|GMT))?[\])]?[:\s|,-]*/;

// "[12-Mar-2024 09:12:44]" (PHP), "14-May-2024 08:11:02.123" (Tomcat), "24/04/11 12:00:01" (Spark), "[Nest] 1  - 03/12/2024, 9:12:44 AM"
const OTHER_STAMP =
  /^(?:\[Nest\] \d+ +- +)?\[?(?:\d\d[-/](?:\d\d|\w{3})[-/]\d{4}|\d\d\/\d\d\/\d\d)[ :,]{1,2}\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?(?: [A-Z]{3,4}\b)?\]?[:\s|,-]*/;

const SHORT_STAMP = /^(?:\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\d+:[CMSX] \d+ \w{3} \d{4} \d\d:\d\d:\d\d\.\d+)[\s|:-]*/;

// The thread that Logback and Log4j print between stamp and level: "[main] INFO  logger - message".
const THREAD = /^\[[\w .:#$/-]{1,60}\] +(?=[A-Z]{4,8}\b)/;

const LEVEL_WORD =
  /^(?<program>[\w.-]{0,40}:\s)?[[(<*\s]*(?<level>TRACE|DEBUG|INFO|NOTICE|NOTE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|PANIC|ALERT|EMERG|DBG|INF|WRN|FTL|trace|debug|info|notice|warn|warning|error|crit|critical|fatal|panic|alert|emerg|Error|Warning|Fatal|fail|dbug)\b(?<after>[\])>*]*[:\s|-]*)/;

// What stands between level and message: "1#1: *7 " (nginx), "(1) : " (HAProxy), "# " (Redis).
const PROCESS = /^(?:\d{1,7}#\d{1,7}: (?:\*\d{1,20} )?|\(\d{1,7}\) : |[#*.-] (?=[A-Z]))/;

const LEVEL_OF_LETTER: { [letter: string]: Level } = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };

function readPlain(raw: string): Message {
  const klog = KLOG.exec(raw);
  if (klog) return { text: klog[2] ?? '', level: LEVEL_OF_LETTER[klog[1] ?? ''] ?? '' };
  const behindStamp = raw.replace(STAMP, '').replace(OTHER_STAMP, '').replace(SHORT_STAMP, '');
  const unstamped = behindStamp === raw ? raw : behindStamp.replace(THREAD, '');
  const glog = GLOG.exec(unstamped);
  if (glog) return { text: glog[2] ?? '', level: LEVEL_OF_LETTER[glog[1] ?? ''] ?? '' };
  const level = LEVEL_WORD.exec(unstamped);
  // "Error: Cannot find module" keeps its word, and so does "sysctl: error setting key": it is part of what is said.
  const isPart =
    /^(?:Error|error|Fatal|fatal|panic)\b/.test(unstamped) ||
    (level?.groups?.program && level.groups.after?.trim() === '');
  if (level && !isPart)
    return { text: unstamped.slice(level[0].length).replace(PROCESS, ''), level: levelOf(level.groups?.level) };
  return { text: unstamped === raw ? raw : unstamped.replace(PROCESS, ''), level: levelOf(level?.groups?.level) };
}
