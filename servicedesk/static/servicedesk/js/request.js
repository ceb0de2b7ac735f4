// Posts small things outside htmx: drafts, settings, telephone commands.

const token = () => {
  const headers = document.body.getAttribute("hx-headers:inherited");
  return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
};

export function post(url, values = {}, options = {}) {
  return fetch(url, {
    method: "POST",
    headers: { "X-CSRFToken": token(), "HX-Request": "true", Accept: "text/html" },
    body: new URLSearchParams(values),
    credentials: "same-origin",
    ...options,
  });
}
