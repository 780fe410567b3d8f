// Slack's "no": an error name, and for malformed arguments the list of what is wrong with them.

export class SlackRefusal extends Error {
  readonly code: string;
  readonly problems: string[];

  constructor(code: string, problems: string[] = []) {
    super([code, ...problems].join(' '));
    this.code = code;
    this.problems = problems;
  }
}

/** The JSON body of a refused Web API call. */
export function refusalBody(refusal: SlackRefusal): object {
  const { code, problems } = refusal;
  if (problems.length === 0) return { ok: false, error: code };
  const errors = problems.map((problem) => problem.replace('[ERROR] ', ''));
  return { ok: false, error: code, errors, response_metadata: { messages: problems } };
}
