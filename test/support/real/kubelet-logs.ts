// The kubelet's own HTTPS server: the API server asks it for the log of a container.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeServerIdentity } from '../../../src/demo/cluster/certificate.ts';
import { readLog } from '../../../src/demo/cluster/logs.ts';
import { ApiError } from '../../../src/demo/cluster/status-errors.ts';
import type { World } from '../../../src/demo/cluster/world/life.ts';

/** Answers `/containerLogs/NAMESPACE/POD/CONTAINER` on a loopback port, with the kubelet's words where there is none. */
export async function serveLogs({ store, runs }: World): Promise<{ port: number; close: () => void }> {
  const { keyPem, certificatePem } = makeServerIdentity();
  const server = createServer({ key: keyPem, cert: certificatePem }, (asked, response) => {
    const { pathname, searchParams } = new URL(asked.url ?? '/', 'https://kubelet');
    const [, what, namespace = '', pod = '', container = ''] = pathname.split('/');
    searchParams.set('container', container);
    try {
      if (what !== 'containerLogs') throw new ApiError(404, 'NotFound', 'no such page');
      const answer = readLog(store, runs, namespace, pod, searchParams);
      response.writeHead(200, { 'content-type': 'text/plain' }).end('text' in answer ? answer.text : '');
    } catch (error) {
      const code = error instanceof ApiError ? error.status.code : 500;
      response.writeHead(code, { 'content-type': 'text/plain' }).end((error as Error).message);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
