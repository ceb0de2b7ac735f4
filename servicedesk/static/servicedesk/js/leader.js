// One tab per agent leads: only it rings and holds the call's audio. The lock passes on when the tab closes.

let leads = false;
let release = null;

export const isLeader = () => leads;

function hold() {
  leads = true;
  document.dispatchEvent(new CustomEvent("tab:leads"));
  return new Promise((resolve) => {
    release = resolve;
  });
}

function request(options = {}) {
  const name = `servicedesk-agent-${document.documentElement.dataset.user}`;
  navigator.locks?.request(name, options, hold).catch(() => {
    leads = false; // another tab took over
    release?.();
    request();
  });
}

// The tab in which a call is answered must hold the audio, whoever led before.
export const takeLead = () => leads || request({ steal: true });

export function startLeader() {
  navigator.locks ? request() : (leads = true);
}
