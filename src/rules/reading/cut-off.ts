// Words of the kubelet or a runtime that a narrow window cut off: what they would have said is not known, and what they do
// not say proves nothing.

/** What runtimes string together before they come to the reason. */
const CHAIN = [
  'failed to create containerd task',
  'failed to start containerd task',
  'failed to create shim task',
  'failed to create shim',
  'failed to create container',
  'failed to create containerd container',
  'Failed to create pod sandbox',
  'Error response from daemon',
  'OCI runtime create failed',
  'runc create failed',
  'crun create failed',
  'container_linux.go',
  'starting container process caused',
  'unable to start container process',
  'error during container init',
  'rpc error',
  'code = Unknown desc =',
];

export function isCutOff(words: string): boolean {
  const said = words.trimEnd();
  if (/(?:…|\.{3})$/.test(said)) return true;
  const last = (said.split(': ').at(-1) ?? '').replace(/:$/, '').toLowerCase();
  return CHAIN.some((link) => link.toLowerCase().startsWith(last));
}
