// A Socket.IO server that says one message to everybody when it is told to, at an instant of the machine's monotonic clock. Driven over
// standard input and output, one JSON object per line; it ends with its standard input.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Server } from 'socket.io';

const NEVER = 600_000; // no ping comes between two messages
const CLOSE = 3; // milliseconds that are waited for without sleeping

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const now = () => Number(process.hrtime.bigint()) / 1e6;

const http = createServer();
const io = new Server(http, { transports: ['websocket'], pingInterval: NEVER, pingTimeout: NEVER, serveClient: false });
http.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => say({ port: http.address().port }));

function send({ at, text }) {
  while (now() < at);
  io.emit('item', text);
  say({ written: now() });
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const order = JSON.parse(line);
    setTimeout(() => send(order), Math.max(0, order.at - now() - CLOSE));
  })
  .on('close', () => process.exit());
