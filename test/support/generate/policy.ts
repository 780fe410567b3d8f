// The policy file's form as JSON Schema, from the zod schema that reads it: editors complete and check while one types.
import { z } from 'zod';
import { policyFile } from '../../../src/core/policy/file.ts';

export function policySchemaText(): string {
  const schema = z.toJSONSchema(policyFile, { io: 'input', unrepresentable: 'throw' });
  return `${JSON.stringify({ $comment: 'Generated from src/core/policy/file.ts: npm run generate', ...schema }, null, 2)}\n`;
}
