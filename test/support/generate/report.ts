// The JSON document's form as JSON Schema, from the zod schema that the types come from. It leaves room for more fields:
// they may be added, never renamed.
import { z } from 'zod';
import { document } from '../../../src/core/report/document.ts';

export function reportSchemaText(): string {
  const schema = z.toJSONSchema(document, { io: 'input', unrepresentable: 'throw' });
  return `${JSON.stringify({ $comment: 'Generated from src/core/report/*.ts: npm run generate', ...schema }, null, 2)}\n`;
}
