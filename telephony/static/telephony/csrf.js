// The token that the desk wants with everything that is sent to it.

export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";
}
