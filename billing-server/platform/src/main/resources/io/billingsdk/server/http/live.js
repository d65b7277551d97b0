'use strict';

// All shown text goes into text nodes alone: names and reasons come from the reporters of usage.

const TOKEN = 'billing-token';
const PLOT_SECONDS = 120;
const ROWS = 200;
const REJECTED_ROWS = 50;
const INSTANCES_EVERY_MS = 10_000;
const LAST_PAUSE_MS = 10_000;
const SILENCE_MS = 15_000;

const element = (id) => document.getElementById(id);
const time = (text) => new Date(text).toLocaleTimeString();

const counts = { events: 0, usage: 0n, usageScale: 0, refused: 0, lost: 0 };
const groups = new Map();
const perSecond = new Array(PLOT_SECONDS).fill(0);
let second = Math.floor(Date.now() / 1000);
let dirty = false;
let session = null;

// Amounts are exact decimals: as a double, the sum of a day would show other digits than an invoice.
function addAmount(sum, text) {
  const [whole, fraction = ''] = text.split('.');
  const scale = Math.max(sum.usageScale, fraction.length);
  sum.usage *= 10n ** BigInt(scale - sum.usageScale);
  sum.usage += BigInt(whole + fraction.padEnd(scale, '0'));
  sum.usageScale = scale;
}

function amountText(sum) {
  const negative = sum.usage < 0n;
  const digits = (negative ? -sum.usage : sum.usage).toString().padStart(sum.usageScale + 1, '0');
  const point = digits.length - sum.usageScale;
  const whole = BigInt(digits.slice(0, point)).toLocaleString();
  const fraction = digits.slice(point).replace(/0+$/, '');
  return (negative ? '-' : '') + whole + (fraction === '' ? '' : '.' + fraction);
}

function passSeconds() {
  const now = Math.floor(Date.now() / 1000);
  for (; second < now; second++) {
    perSecond.shift();
    perSecond.push(0);
    dirty = true;
  }
}

function onUsage(event) {
  passSeconds();
  // A correction changes what an event amounts to, and is none more.
  const events = event.corrects === undefined ? 1 : 0;
  counts.events += events;
  perSecond[PLOT_SECONDS - 1] += events;
  addAmount(counts, event.usage);
  const key = JSON.stringify([event.appId ?? null, event.model]);
  let group = groups.get(key);
  if (group === undefined) {
    group = { app: event.appId, model: event.model, events: 0, usage: 0n, usageScale: 0, last: '' };
    groups.set(key, group);
  }
  group.events += events;
  group.last = event.occurredAt;
  addAmount(group, event.usage);
  dirty = true;
}

function onRejected(event) {
  counts.refused++;
  showRejected(event.at, event, true);
  dirty = true;
}

function onLost(event) {
  counts.lost += event.atLeast;
  if (event.atLeast === 0) {
    state('Some were missed while the connection was away');
  }
  dirty = true;
}

const HANDLERS = { usage: onUsage, rejected: onRejected, lost: onLost };

// Drawing ---------------------------------------------------------------------------------------

// What is not seen, or turns a text around, is shown as it is written in a program.
function visible(text) {
  return String(text ?? '').replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu,
    (each) => `\\u{${each.codePointAt(0).toString(16)}}`,
  );
}

function cell(text, className) {
  const made = document.createElement('td');
  made.textContent = text;
  if (className) {
    made.className = className;
  }
  return made;
}

function row(...cells) {
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
}

function draw() {
  passSeconds();
  if (!dirty) {
    return;
  }
  dirty = false;
  element('events').textContent = counts.events.toLocaleString();
  element('usage').textContent = amountText(counts);
  element('refused').textContent = counts.refused.toLocaleString();
  element('lost').textContent = counts.lost.toLocaleString();
  // The second that goes on is not whole yet.
  const rate = perSecond[PLOT_SECONDS - 2];
  element('rate').textContent = rate.toLocaleString();
  drawPlot();
  drawGroups();
}

function drawPlot() {
  const most = Math.max(1, ...perSecond);
  const points = perSecond.map((n, i) => `${i} ${(39 - (38 * n) / most).toFixed(2)}`);
  element('plot-line').setAttribute('d', 'M' + points.join('L'));
  element('plot-area').setAttribute('d', `M0 40L${points.join('L')}L${PLOT_SECONDS - 1} 40Z`);
  element('rate-text').textContent = `At most ${most.toLocaleString()} in a second`;
}

function drawGroups() {
  const shown = [...groups.values()].sort((a, b) => b.events - a.events).slice(0, ROWS);
  element('apps').replaceChildren(
    ...shown.map((group) =>
      row(
        group.app === undefined ? cell('of no app', 'bad') : cell(visible(group.app)),
        cell(visible(group.model)),
        cell(group.events.toLocaleString(), 'number'),
        cell(amountText(group), 'number'),
        cell(time(group.last)),
      ),
    ),
  );
}

function showRejected(when, event, first) {
  const made = row(
    cell(time(when)),
    cell(visible(event.instance)),
    cell(visible(event.code), 'bad'),
    cell(visible(event.detail)),
  );
  const table = element('rejected');
  if (first) {
    table.prepend(made);
  } else {
    table.append(made);
  }
  while (table.children.length > REJECTED_ROWS) {
    table.lastChild.remove();
  }
}

function showInstance(instance) {
  const { loss } = instance;
  return row(
    cell(visible(instance.instance)),
    loss.balanced ? cell('balanced', 'good') : cell('does not balance', 'bad'),
    cell(loss.accepted.toLocaleString(), 'number'),
    cell(loss.delivered.toLocaleString(), 'number'),
    cell(loss.pending.toLocaleString(), 'number'),
    cell(loss.deadLettered.toLocaleString(), loss.deadLettered > 0 ? 'number bad' : 'number'),
    cell(loss.dropped.toLocaleString(), loss.dropped > 0 ? 'number bad' : 'number'),
    cell(time(instance.saidAt)),
  );
}

function state(text) {
  element('state').textContent = text;
}

// Asking ----------------------------------------------------------------------------------------

function ask(path, options) {
  return fetch(path, { ...options, headers: { Authorization: `Bearer ${session.token}` } });
}

async function askInstances(mine) {
  const answer = await ask('/api/v1/instances?limit=200', { signal: mine.stop.signal });
  if (answer.status === 403) {
    element('instances-note').textContent = 'Shown to tokens of all apps only.';
    return false;
  }
  if (answer.ok) {
    element('instances').replaceChildren(...(await answer.json()).items.map(showInstance));
  }
  return true;
}

async function watchInstances(mine) {
  let goOn = true;
  while (goOn && session === mine) {
    try {
      goOn = await askInstances(mine);
    } catch {
      // The tail says that the server is away.
    }
    await pause(INSTANCES_EVERY_MS);
  }
}

async function askRejected(mine) {
  const answer = await ask(`/api/v1/rejected?limit=${REJECTED_ROWS}`, { signal: mine.stop.signal });
  if (answer.status === 403) {
    element('rejected-note').textContent = 'Shown to tokens of all apps only.';
  } else if (answer.ok) {
    const { items } = await answer.json();
    items.forEach((event) => showRejected(event.receivedAt, event, false));
  }
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// EventSource can send no header: the stream is read by hand.
async function readTail(mine, answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const silence = setTimeout(() => reader.cancel(), SILENCE_MS);
    const { done, value } = await reader.read();
    clearTimeout(silence);
    if (done || session !== mine) {
      return;
    }
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    blocks.forEach(onBlock);
  }
}

function onBlock(block) {
  let name = '';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) {
      name = line.slice(7);
    } else if (line.startsWith('data: ')) {
      data = line.slice(6);
    }
  }
  if (name in HANDLERS) {
    HANDLERS[name](JSON.parse(data));
  }
}

// False: the token is not good.
async function watchOnce(mine) {
  const answer = await ask('/api/v1/tail', { signal: mine.stop.signal });
  if (answer.status === 401) {
    return false;
  }
  if (!answer.ok) {
    throw new Error(`the server answers with ${answer.status}`);
  }
  mine.tries = 0;
  opened();
  state('Connected');
  await readTail(mine, answer);
  return true;
}

async function watch(mine) {
  while (session === mine) {
    try {
      if (!(await watchOnce(mine))) {
        leave('The server does not know this token, or it has ended.');
        return;
      }
      state('The stream has ended; connecting again');
    } catch (failed) {
      if (session !== mine) {
        return;
      }
      state(`Not connected: ${failed.message}; trying again`);
    }
    mine.tries++;
    await pause(Math.min(LAST_PAUSE_MS, 500 * 2 ** mine.tries));
  }
}

// Coming and going --------------------------------------------------------------------------------

function opened() {
  element('entry').hidden = true;
  element('live').hidden = false;
  element('leave').hidden = false;
}

function leave(problem) {
  sessionStorage.removeItem(TOKEN);
  if (session !== null) {
    session.stop.abort();
  }
  session = null;
  element('live').hidden = true;
  element('leave').hidden = true;
  element('entry').hidden = false;
  element('entry-problem').textContent = problem;
  element('rejected').replaceChildren();
  element('instances').replaceChildren();
  state('Not connected');
  element('token').focus();
}

function enter(token) {
  sessionStorage.setItem(TOKEN, token);
  element('entry-problem').textContent = '';
  session = { token, stop: new AbortController(), tries: 0 };
  state('Connecting');
  watch(session);
  watchInstances(session);
  askRejected(session).catch(() => {});
}

element('entry').addEventListener('submit', (event) => {
  event.preventDefault();
  const token = element('token').value.trim();
  element('token').value = '';
  // A header holds nothing else.
  if (/^[\x21-\x7e]{1,512}$/.test(token)) {
    enter(token);
  } else {
    element('entry-problem').textContent = 'That is no token.';
  }
});
element('leave').addEventListener('click', () => leave(''));
setInterval(draw, 250);
const kept = sessionStorage.getItem(TOKEN);
if (kept !== null) {
  enter(kept);
}
