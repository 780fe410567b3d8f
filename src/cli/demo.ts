// `loopbreaker demo`: the whole path on this machine, through the production code.

import { playOnce } from '../demo/once.ts';
import { type Demo, startDemo } from '../demo/start.ts';
import { complain, type ExitCode, out } from './output.ts';

export interface DemoOptions {
  once?: boolean;
  context?: string;
  allowWrites?: boolean;
  port?: string;
}

export async function demoCommand(options: DemoOptions): Promise<ExitCode> {
  if (options.allowWrites && !options.context) {
    complain('--allow-writes goes with --context: the recorded cluster may always be written to.');
    return 2;
  }
  if (options.once && options.context) {
    complain('--once plays a recorded incident; it does not go with --context.');
    return 2;
  }
  const port = Number(options.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    complain('--port takes a number from 0 to 65535.');
    return 2;
  }
  const demo = await startDemo({
    port,
    context: options.context,
    allowWrites: options.allowWrites ?? false,
    // One incident, played through, is one card.
    watch: !options.once,
  });
  if (!demo) return 2;
  if (!options.once) return serve(demo);
  try {
    return (await playOnce(demo)) ? 0 : 1;
  } finally {
    await demo.stop();
  }
}

async function serve(demo: Demo): Promise<ExitCode> {
  out(welcome(demo));
  const ended = await new Promise<'asked' | 'bot died'>((done) => {
    process.once('SIGINT', () => done('asked'));
    process.once('SIGTERM', () => done('asked'));
    demo.onBotExit(() => done('bot died'));
  });
  await demo.stop();
  if (ended === 'asked') return 0;
  complain('The bot stopped by itself; its last lines above say why.');
  return 1;
}

function welcome({ pageUrl, suggestions, notes }: Demo): string {
  const width = Math.max(...suggestions.map((s) => s.text.length));
  return [
    '',
    `  Open    ${pageUrl}`,
    '',
    '  Type    one of these into the channel, then read, press, approve:',
    ...suggestions.map((s) => `          ${s.text.padEnd(width)}   ${s.note}`),
    '',
    ...notes.map((note) => `  ${note}`),
    '  Ctrl-C ends everything. The conversation appears here as it happens.',
    '',
    '',
  ].join('\n');
}
