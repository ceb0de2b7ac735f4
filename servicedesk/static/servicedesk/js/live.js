// The one socket of this tab: it keeps subscriptions and notices gaps, refusals and silence.

import { noteEvent, refetch, refetchNewcomers, wantedTopics } from "./live-fragments.js";
import { setServerTime } from "./server-time.js";

const SILENCE = 15_000;
const LONGEST_WAIT = 5_000;
const SIGNED_OUT = 4401;
const versions = new Map(); // topic -> last version seen, null until the server confirmed it
const refused = new Set();
let socket = null;
let attempts = 0;
let heardAt = performance.now();
let retry = 0;

const url = () => document.documentElement.dataset.live;
export const send = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

function syncTopics() {
  const want = wantedTopics();
  const added = [...want].filter((topic) => !versions.has(topic) && !refused.has(topic));
  const dropped = [...versions.keys()].filter((topic) => !want.has(topic));
  for (const topic of added) versions.set(topic, null);
  for (const topic of dropped) versions.delete(topic);
  if (added.length) send({ op: "subscribe", topics: added });
  if (dropped.length) send({ op: "unsubscribe", topics: dropped });
}

function seeVersion(topic, version) {
  if (!versions.has(topic)) return;
  const before = versions.get(topic);
  versions.set(topic, version);
  if (before !== null && before !== version) refetch(topic);
}

const onFrame = {
  subscribed({ t, v, age }) {
    const isFirst = versions.get(t) === null;
    seeVersion(t, v);
    if (isFirst && age < performance.now()) refetch(t); // changed after this page was asked for
  },
  denied({ t }) {
    refused.add(t);
    versions.delete(t);
  },
  beat({ now, v }) {
    setServerTime(now);
    for (const [topic, version] of Object.entries(v)) seeVersion(topic, version);
  },
};

function receive({ data }) {
  heardAt = performance.now();
  showStale(false);
  const frame = JSON.parse(data);
  if (onFrame[frame.k]) return onFrame[frame.k](frame);
  versions.set(frame.t, frame.v);
  noteEvent(frame.t);
  const detail = { topic: frame.t, version: frame.v, data: frame.d };
  document.dispatchEvent(new CustomEvent(`live:${frame.k}`, { detail }));
}

function onOpen() {
  attempts = 0;
  refused.clear();
  if (versions.size) send({ op: "subscribe", topics: [...versions.keys()] });
  syncTopics();
  document.dispatchEvent(new CustomEvent("live:open"));
}

function connect() {
  clearTimeout(retry);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const address = new URL(url(), location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.onopen = onOpen;
  socket.onmessage = receive;
  socket.onclose = ({ code }) => {
    if (code === SIGNED_OUT) return location.reload();
    const wait = Math.min(LONGEST_WAIT, 250 * 2 ** attempts++) * (0.5 + Math.random() / 2);
    retry = setTimeout(connect, wait);
  };
}

function showStale(stale) {
  const root = document.documentElement;
  if (stale === root.hasAttribute("data-stale")) return;
  root.toggleAttribute("data-stale", stale);
  const since = Date.now() - (performance.now() - heardAt);
  document.dispatchEvent(new CustomEvent("live:stale", { detail: { stale, since } }));
}

function watch() {
  if (performance.now() - heardAt < SILENCE) return;
  showStale(true);
  if (socket?.readyState === WebSocket.OPEN) socket.close(4000); // half-open: start afresh
}

export function startLive() {
  if (!url()) return;
  const changes = { childList: true, subtree: true, attributeFilter: ["data-live"] };
  new MutationObserver((records) => {
    syncTopics();
    for (const { addedNodes } of records) refetchNewcomers(addedNodes);
  }).observe(document.body, changes);
  setInterval(watch, 1_000);
  for (const event of ["online", "pageshow"]) addEventListener(event, connect);
  document.addEventListener("visibilitychange", () => document.hidden || (watch(), connect()));
  document.addEventListener("click", (event) => event.target.closest("[data-live-retry]") && connect());
  connect();
}
