// The parts of the page that show live data: which topics they need, and asking them to fetch themselves again.

const COALESCE = 150;
const FRESH = 2_000;
const pending = new Map(); // element -> timer
const lastEvent = new Map(); // topic -> performance.now() of the last event

const topicsOf = (element) => element.dataset.live.split(/\s+/).filter(Boolean);
const elements = () => [...document.body.querySelectorAll("[data-live]")];

export const wantedTopics = () => new Set(elements().flatMap(topicsOf));

export function refetch(topic) {
  for (const element of elements()) if (topicsOf(element).includes(topic)) ask(element);
}

export function noteEvent(topic) {
  lastEvent.set(topic, performance.now());
  refetch(topic);
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

// A fragment that arrives just after an event of its topic may have been rendered before it.
export function refetchNewcomers(nodes) {
  const fresh = performance.now() - FRESH;
  for (const node of nodes) {
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    for (const element of [node, ...node.querySelectorAll("[data-live]")])
      if (element.dataset?.live && topicsOf(element).some((topic) => lastEvent.get(topic) > fresh)) ask(element);
  }
}
