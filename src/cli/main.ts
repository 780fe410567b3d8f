#!/usr/bin/env node
// The command line: parses words, starts one command, sets the exit code. Each command loads only what it needs.

import { Command, CommanderError } from 'commander';
import project from '../../package.json' with { type: 'json' };
import { complain, type ExitCode } from './output.ts';

const program = new Command('loopbreaker')
  .description('Names the true root cause of a crash looping pod, with the line that proves it.')
  .version(project.version)
  .exitOverride()
  .configureOutput({
    outputError: (message) => complain(`${usageError(message)} See: loopbreaker --help`),
  });

/** Commander's words as one line: "unknown command 'diagnos'. Did you mean diagnose?" */
function usageError(message: string): string {
  const [what = '', ...hints] = message
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  return [`${what}.`, ...hints.map((hint) => hint.replace(/^\((.*)\)$/, '$1'))].join(' ');
}

let exit: ExitCode = 0;

program
  .command('diagnose')
  .description('diagnose a pod or workload of a live cluster, or of recordings')
  .argument('[pod]', 'POD, KIND/NAME or NAMESPACE/POD')
  .option('-n, --namespace <namespace>', 'namespace, as in kubectl')
  .option('-c, --container <container>', 'only this container')
  .option('--context <context>', 'kubeconfig context')
  .option('--recording <dir...>', 'folders of recordings instead of a cluster')
  .option('--json', 'one JSON document per line')
  .action(async (pod, options) => {
    const { diagnoseCommand } = await import('./diagnose.ts');
    exit = await diagnoseCommand(pod, options);
  });

program
  .command('plan')
  .description('what could be changed about it, or the plan of one such change in full; never writes')
  .argument('[pod]', 'POD, KIND/NAME or NAMESPACE/POD')
  .option('--action <id>', 'the plan of this remedy; without it all are listed, with their choices')
  .option(
    '--choice <name=value>',
    'another way than the best, as listed; may be given twice',
    (one: string, before: string[]) => [...before, one],
    [],
  )
  .option('-n, --namespace <namespace>', 'namespace, as in kubectl')
  .option('-c, --container <container>', 'only this container')
  .option('--context <context>', 'kubeconfig context')
  .option('--recording <dir>', 'folder of a recording instead of a cluster')
  .option('--json', 'as JSON')
  .action(async (pod, options) => {
    const { planCommand } = await import('./plan.ts');
    exit = await planCommand(pod, options);
  });

program
  .command('explain')
  .description('explain pasted kubectl describe, events, logs, yaml or json')
  .argument('[file...]', 'files, folders, or - for standard input')
  .option('--json', 'one JSON document per line')
  .action(async (files, options) => {
    const { explainCommand } = await import('./explain.ts');
    exit = explainCommand(files, options);
  });

program
  .command('rules')
  .description('the catalogue of causes, or one of them explained')
  .argument('[id]', 'id of a cause')
  .option('--json', 'as JSON')
  .action(async (id, options) => {
    const { rulesCommand } = await import('./rules.ts');
    exit = rulesCommand(id, options);
  });

program
  .command('audit')
  .description('who asked, approved and did what in an incident, from its journal; needs REDIS_URL')
  .argument('[incident]', 'id of an incident; without it the newest are listed')
  .option('--verify', 'check that the journal is still what was written')
  .option('--head <entry:hash...>', 'with --verify: a head as the last line of a card shows it')
  .option('--log <file...>', 'with --verify: a log of the roles, whose heads must fit')
  .option('--limit <number>', 'how many are listed', '20')
  .option('--json', 'one JSON document per line')
  .action(async (incident, options) => {
    const { auditCommand } = await import('./audit.ts');
    exit = await auditCommand(incident, options);
  });

program
  .command('mute')
  .description('tell nobody anything new of an incident for a while; needs REDIS_URL')
  .argument('<incident>', 'id of an incident')
  .option('--for <time>', 'such as 30m, 4h or 2d; at most 14 days', '1h')
  .option('--reason <words>', 'why; it stands on the card')
  .option('--json', 'as JSON')
  .action(async (incident, options) => {
    const { muteCommand } = await import('./mute.ts');
    exit = await muteCommand(incident, options);
  });

program
  .command('unmute')
  .description('end the muting of an incident; needs REDIS_URL')
  .argument('<incident>', 'id of an incident')
  .option('--json', 'as JSON')
  .action(async (incident, options) => {
    const { unmuteCommand } = await import('./mute.ts');
    exit = await unmuteCommand(incident, options);
  });

for (const [name, about] of [
  ['list', 'what is crash looping now, and what was in 24 hours'],
  ['top', 'what restarted most in the last hour'],
  ['warnings', 'warning events of 24 hours, by namespace and reason'],
  ['history', 'incidents, restarts and warnings of a workload in 7 days'],
] as const) {
  const command = program
    .command(name)
    .description(`${about}; needs REDIS_URL`)
    .option('-n, --namespace <namespace>', 'only this namespace')
    .option('--cluster <alias>', 'only this cluster')
    .option('--json', 'one JSON document per cluster and line');
  if (name === 'history') command.argument('<workload>', 'NAME or KIND/NAME');
  if (name === 'top') command.option('--above <number>', 'only what restarted more often than this', '0');
  command.action(async (...given) => {
    const { pastCommand } = await import('./past.ts');
    const [workload, options] = name === 'history' ? given : ['', ...given];
    exit = await pastCommand(name, workload, options);
  });
}

program
  .command('outbox')
  .description('list: what waits for Slack and what was given up; replay: send that again; needs REDIS_URL')
  .argument('<what>', 'list or replay')
  .argument('[message]', 'with replay: OWNER/NAME, as list shows it')
  .option('--all', 'with replay: everything that was given up')
  .option('--json', 'as JSON')
  .action(async (what, message, options) => {
    const { outboxCommand } = await import('./outbox.ts');
    exit = await outboxCommand(what, message, options);
  });

program
  .command('roles')
  .description('the ClusterRole that the section impersonate of a policy file needs, for kubectl apply -f -')
  .argument('<file>', 'a policy file')
  .action(async (file) => {
    const { rolesCommand } = await import('./roles.ts');
    exit = rolesCommand(file);
  });

program
  .command('record')
  .description('read a pod or workload of a live cluster into a new folder, redacted, to be diagnosed later')
  .argument('<pod>', 'POD, KIND/NAME or NAMESPACE/POD')
  .argument('<dir>', 'a folder that is new or empty')
  .option('-n, --namespace <namespace>', 'namespace, as in kubectl')
  .option('--context <context>', 'kubeconfig context')
  .action(async (pod, dir, options) => {
    const { recordCommand } = await import('./record.ts');
    exit = await recordCommand(pod, dir, options);
  });

program
  .command('demo')
  .description('play the whole path on this machine: a page like Slack, a cluster of recorded failures')
  .option('--once', 'play one incident from command to recovered, print it, and end')
  .option('--context <context>', 'use this kubeconfig context instead of the recorded cluster; read-only')
  .option('--allow-writes', 'with --context: ask for the context name, then allow approved changes')
  .option('--port <port>', 'port of the page', '0')
  .action(async (options) => {
    const { demoCommand } = await import('./demo.ts');
    exit = await demoCommand(options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) exit = error.exitCode === 0 ? 0 : 2;
  else {
    exit = 1;
    const { redactText } = await import('../core/redact.ts');
    complain(redactText(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)).text);
  }
}
process.exitCode = exit;
