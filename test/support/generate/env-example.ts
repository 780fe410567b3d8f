// `.env.example`: every setting with its meaning, to be filled in.
import { SETTINGS, type Setting } from '../../../src/config/settings.ts';

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = ['# Generated from src/config/settings.ts: npm run generate', ''];
  let group = '';
  for (const [name, one] of Object.entries(SETTINGS) as [string, Setting][]) {
    if (one.group !== group) lines.push(`# --- ${one.group} ---`);
    group = one.group;
    lines.push(
      `# ${one.meaning}`,
      `# ${one.where}${one.default ? ` Default: ${one.default}` : ''}`,
      `${one.optional ? '# ' : ''}${name}=${one.default}`,
      '',
    );
  }
  return lines.join('\n');
}
