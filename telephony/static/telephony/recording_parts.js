// Parts of recordings on their way to the desk: one after the other, kept in the browser until the desk has them, so that
// neither a broken network nor a page that is loaded anew loses what was said.

import { csrfToken } from "./csrf.js";

const DATABASE = "servicedesk-recordings";
const PARTS = "parts";
const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 10_000;
const TOO_OLD_MS = 24 * 60 * 60 * 1000;
const HOPELESS = new Set([400, 404, 410, 413, 415]);

const waiting = []; // in the order of their making
let retryIn = RETRY_FIRST_MS;
let sending = false;
let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(PARTS, { keyPath: ["recording", "number"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// A browser that keeps nothing for us only loses the second line of defence.
async function store(act) {
  try {
    const request = act((await database()).transaction(PARTS, "readwrite").objectStore(PARTS));
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch (error) {
    console.warn("recording not kept in the browser", error);
    return [];
  }
}

export function sendPart(part) {
  const dated = { ...part, at: Date.now() };
  waiting.push(dated);
  store((parts) => parts.put(dated));
  pump();
}

// What an earlier page of this browser could not send any more.
export async function sendLeftovers() {
  const known = new Set(waiting.map(nameOf));
  const left = await store((parts) => parts.getAll());
  waiting.unshift(...left.filter((part) => !known.has(nameOf(part))));
  pump();
}

const nameOf = ({ recording, number }) => `${recording}/${number}`;

async function pump() {
  if (sending) return;
  sending = true;
  while (waiting.length) {
    const [part] = waiting;
    const fate = await fateOf(part);
    if (fate === "again") {
      await new Promise((resolve) => setTimeout(resolve, retryIn));
      retryIn = Math.min(RETRY_LONGEST_MS, retryIn * 2);
      continue;
    }
    waiting.splice(waiting.indexOf(part), 1);
    if (fate === "done") await store((parts) => parts.delete([part.recording, part.number]));
    retryIn = RETRY_FIRST_MS;
  }
  sending = false;
}

// Done: the desk has it, or will never take it. Later: not from this page, as it is now. Again: in a moment.
async function fateOf(part) {
  if (Date.now() - part.at > TOO_OLD_MS) return "done";
  const answer = await post(part).catch(() => null);
  if (!answer || answer.redirected || answer.status >= 500) return "again";
  if (answer.ok || HOPELESS.has(answer.status)) return "done";
  const told = answer.status === 409 ? await answer.json() : null;
  return told?.reason === "other" ? "done" : "later";
}

async function post({ recording, number, data, kind, elapsed, isLast }) {
  const bytes = await data.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const headers = {
    "Content-Type": kind,
    "X-CSRFToken": csrfToken(),
    "X-Part-Sha256": [...sum].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    "X-Part-Elapsed": String(elapsed),
    ...(isLast ? { "X-Part-Last": "1" } : {}),
  };
  // A page that is being left still sends what is under way.
  return fetch(`/telephony/recordings/${recording}/parts/${number}/`, { method: "POST", body: bytes, headers, keepalive: true });
}
