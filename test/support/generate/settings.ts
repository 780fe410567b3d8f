// The settings as a document, from the same table that validates them.
import { SETTINGS, type Setting } from '../../../src/config/settings.ts';
import { cell } from './markdown.ts';

export function settingsText(): string {
  const settings = Object.entries(SETTINGS) as [string, Setting][];
  const groups = [...new Set(settings.map(([, setting]) => setting.group))];
  const lines = [
    '<!-- Generated from src/config/settings.ts: npm run generate -->',
    '# Settings',
    '',
    'All settings are environment variables. Each role checks those that it needs when it starts, and lists everything that',
    'is missing or malformed at once, with where to get it. `.env.example` holds the same list to be filled in.',
  ];
  for (const group of groups) {
    lines.push(
      '',
      `## ${group}`,
      '',
      '| Setting | Meaning | Where it comes from | Default |',
      '| --- | --- | --- | --- |',
    );
    for (const [name, setting] of settings) {
      if (setting.group !== group) continue;
      const fallback = setting.default ? `\`${setting.default}\`` : '';
      lines.push(`| \`${name}\` | ${cell(setting.meaning)} | ${cell(setting.where)} | ${fallback} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
