// The one socket of this tab: it keeps subscriptions, notices gaps and silence, and asks fragments to refetch.

import { setServerTime } from "./server-time.js";

const SILENCE = 15_000;
const LONGEST_WAIT = 5_000;
const COALESCE = 150;
const versions = new Map(); // topic -> last version seen
const lastEvent = new Map(); // topic -> performance.now() of the last event
const pending = new Map(); // element -> timer
let socket = null;
let attempts = 0;
let heardAt = performance.now();
let retry = 0;

const url = () => document.documentElement.dataset.live;
const topicsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);
const elements = () => document.body.querySelectorAll("[data-live]");
const wanted = () => new Set([...elements()].flatMap(topicsOf));
const send = (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));

export function refetch(topic) {
  for (const element of elements()) if (!topic || topicsOf(element).includes(topic)) ask(element);
}

// Events close together are one refetch; a hidden tab does not wait, because browsers slow its timers down.
function ask(element) {
  if (pending.has(element)) return;
  const fire = () => {
    pending.delete(element);
    if (element.isConnected) element.dispatchEvent(new CustomEvent("live"));
  };
  pending.set(element, document.hidden ? queueMicrotask(fire) : setTimeout(fire, element.dataset.liveWait ?? COALESCE));
}

function syncTopics() {
  const want = wanted();
  const added = [...want].filter((topic) => !versions.has(topic));
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
    const known = versions.get(t) != null;
    seeVersion(t, v);
    if (!known && age < performance.now()) refetch(t); // changed after this page was asked for
  },
  denied({ t }) {
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
  lastEvent.set(frame.t, heardAt);
  versions.set(frame.t, frame.v);
  refetch(frame.t);
  const detail = { topic: frame.t, version: frame.v, data: frame.d };
  document.dispatchEvent(new CustomEvent(`live:${frame.k}`, { detail }));
}

function connect() {
  clearTimeout(retry);
  if (!url() || (socket && socket.readyState <= WebSocket.OPEN)) return;
  const address = new URL(url(), location.href);
  address.protocol = address.protocol.replace("http", "ws");
  socket = new WebSocket(address);
  socket.onopen = () => {
    attempts = 0;
    versions.size ? send({ op: "subscribe", topics: [...versions.keys()] }) : syncTopics();
  };
  socket.onmessage = receive;
  socket.onclose = ({ code }) => {
    if (code === 4401) return location.reload(); // signed out elsewhere
    const wait = Math.min(LONGEST_WAIT, 250 * 2 ** attempts++) * (0.5 + Math.random() / 2);
    retry = setTimeout(connect, wait);
  };
}

function showStale(stale) {
  const root = document.documentElement;
  if (stale === root.hasAttribute("data-stale")) return;
  root.toggleAttribute("data-stale", stale);
  document.dispatchEvent(new CustomEvent("live:stale", { detail: { stale, since: Date.now() - (performance.now() - heardAt) } }));
}

function watch() {
  if (performance.now() - heardAt < SILENCE) return;
  showStale(true);
  if (socket?.readyState === WebSocket.OPEN) socket.close(4000); // half-open: start afresh
}

function onNewElements(records) {
  syncTopics();
  const fresh = performance.now() - 2_000;
  for (const { addedNodes } of records)
    for (const node of addedNodes)
      if (node.nodeType === 1)
        for (const element of [node, ...node.querySelectorAll("[data-live]")])
          if (element.matches("[data-live]") && topicsOf(element).some((topic) => lastEvent.get(topic) > fresh)) ask(element);
}

export function startLive() {
  if (!url()) return;
  syncTopics();
  new MutationObserver(onNewElements).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-live"] });
  setInterval(watch, 1_000);
  for (const event of ["online", "pageshow"]) addEventListener(event, connect);
  document.addEventListener("visibilitychange", () => document.hidden || (watch(), connect()));
  document.addEventListener("click", (event) => event.target.closest("[data-live-retry]") && connect());
  connect();
}
