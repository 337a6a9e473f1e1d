// A file goes up with tus-js-client over a network that is cut in the middle, to a process that is killed, and to another one
// that goes on. Words: FILE TOKEN FIRST SECOND, the last two as host:port. It says `cut` when the network was cut, and waits
// for a line before the network is there again; from then on it leads to SECOND. At the end it says where the upload lies.
import { createReadStream, statSync } from 'node:fs';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { Upload } from 'tus-js-client';

const [file, token, first, second] = process.argv.slice(2);
const CUT_AFTER = 150_000;

let target = first;
let passed = 0;
let isCut = false;
const open = new Set();

/** Cuts every connection, says so, and waits for a line before the network is there again. */
function cut() {
  isCut = true;
  for (const socket of open) socket.destroy();
  console.log('cut');
  createInterface({ input: process.stdin }).once('line', () => {
    target = second;
    isCut = false;
  });
}

const network = net.createServer((from) => {
  if (isCut) {
    from.destroy();
    return;
  }
  const [host, port] = target.split(':');
  const to = net.connect(Number(port), host);
  for (const socket of [from, to]) {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  }
  from.on('data', (bytes) => {
    passed += bytes.length;
    if (target === first && passed > CUT_AFTER) cut();
    else to.write(bytes);
  });
  from.on('end', () => to.end());
  to.pipe(from);
});

network.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {net.AddressInfo} */ (network.address());
  const upload = new Upload(createReadStream(file), {
    endpoint: `http://127.0.0.1:${port}/api/v1/uploads`,
    chunkSize: 64 * 1024,
    uploadSize: statSync(file).size,
    retryDelays: Array(60).fill(200),
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: 'through a broken network.jpg' },
    onError: (error) => {
      console.error(String(error));
      process.exit(1);
    },
    onSuccess: () => {
      console.log(new URL(upload.url ?? '').pathname);
      process.exit(0);
    },
  });
  upload.start();
});
