// @ts-check
'use strict';

// The server writes the whole page. This script asks for it again when the figures change, so that
// a number looks the same whether it was there at first or has just come.

const PATH = '/usage.html';
const AGAIN_MS = 5_000;

/** @param {string} id */
const element = (id) => document.getElementById(id);

// A link may bring a token behind the #, which no server and no referrer sees.
function enterByLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) {
    return;
  }
  history.replaceState(null, '', location.pathname + location.search);
  const form = document.createElement('form');
  form.method = 'post';
  form.action = PATH + '?lang=' + document.documentElement.lang;
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = 'token';
  input.value = token;
  form.append(input);
  document.body.append(form);
  form.submit();
}

// The cookie has the token from now on: it shall not stay in the history of the browser.
function hideToken() {
  const address = new URL(location.href);
  if (address.searchParams.has('session_id')) {
    address.searchParams.delete('session_id');
    history.replaceState(null, '', address);
  }
}

let running = false;
let wanted = false;

/** Puts the figures of now into the page. One request at a time: the last one shows the newest. */
async function refresh() {
  wanted = true;
  if (running) {
    return;
  }
  running = true;
  try {
    while (wanted) {
      wanted = false;
      await load();
    }
  } catch {
    state('away');
  } finally {
    running = false;
  }
}

async function load() {
  const answer = await fetch(PATH + '?lang=' + document.documentElement.lang);
  if (answer.status === 401 || answer.status === 403) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const figures = page.getElementById('figures');
  if (figures === null) {
    // The database is away, or somebody has logged out in another tab.
    throw new Error('there are no figures');
  }
  element('figures')?.replaceWith(document.adoptNode(figures));
}

/** @param {'live' | 'away'} name */
function state(name) {
  const shown = element('state');
  if (shown !== null && shown.textContent !== shown.dataset[name]) {
    shown.textContent = shown.dataset[name] ?? '';
  }
}

function watch() {
  const source = new EventSource(PATH + '/live');
  source.addEventListener('usage_update', () => {
    state('live');
    void refresh();
  });
  source.addEventListener('error', () => {
    state('away');
    // A browser tries again by itself where the connection was lost, and never after a refusal.
    if (source.readyState === EventSource.CLOSED) {
      void refresh();
      setTimeout(watch, AGAIN_MS);
    }
  });
}

enterByLink();
if (element('figures') !== null) {
  hideToken();
  element('refresh')?.addEventListener('click', (event) => {
    event.preventDefault();
    void refresh();
  });
  watch();
}
