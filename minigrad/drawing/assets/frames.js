// Pictures of graphs whose frames open and close. Each picture was drawn by Python, with every
// label escaped; a click puts another one in its place. Plain browser JavaScript, no network.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  // A small button at the upper right corner of a frame.
  function toggle(svg, { part, expanded, name }, act) {
    const group = svg.querySelector(`g[id$="-${part}"]`);
    if (!group) return null;
    const shape = group.querySelector("path, polygon").getBBox();
    const button = document.createElementNS(SVG, "g");
    const inset = expanded ? 13 : 2; // of a closed one at the corner, off its name
    const at = [shape.x + shape.width - inset, shape.y + inset];
    button.innerHTML =
      `<title></title><circle cx="${at[0]}" cy="${at[1]}" r="8.5" fill="var(--jp-layout-color1, #ffffff)" stroke="var(--jp-ui-font-color1, #4a4f57)"/>` +
      `<path d="M${at[0] - 4.5} ${at[1]}h9${expanded ? "" : `M${at[0]} ${at[1] - 4.5}v9`}" ` +
      'stroke="var(--jp-ui-font-color1, #1a1a1a)" stroke-width="1.8" fill="none"/>';
    button.querySelector("title").textContent = `${expanded ? "Close" : "Open"} ${name}`;
    button.setAttribute("class", "mg-toggle");
    button.setAttribute("data-part", part);
    button.setAttribute("role", "button");
    button.setAttribute("tabindex", "0");
    button.setAttribute("aria-expanded", String(expanded));
    button.setAttribute("aria-label", `${name}, ${expanded ? "open" : "closed"}`);
    button.style.cursor = "pointer";
    button.style.outline = "none"; // the ring is thicker instead
    button.addEventListener("click", act);
    button.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      e.stopPropagation();
      act();
    });
    const ring = button.querySelector("circle");
    button.addEventListener("focus", () => button.matches(":focus-visible") && ring.setAttribute("stroke-width", "3.5"));
    button.addEventListener("blur", () => ring.removeAttribute("stroke-width"));
    svg.querySelector("g.graph").append(button);
    if (!expanded) {  // the whole box opens it
      group.style.cursor = "pointer";
      group.addEventListener("click", act);
    }
    return button;
  }

  async function show(host, place, pictures, number, part) {
    const picture = pictures[number];
    picture.text ||= await unpack(picture.svg);
    const svg = new DOMParser().parseFromString(picture.text, "image/svg+xml").documentElement;
    svg.setAttribute("role", "group");
    svg.style.maxWidth = "100%";
    svg.style.height = "auto";
    place.replaceChildren(svg);
    for (const t of picture.toggles) {
      const button = toggle(svg, t, () => show(host, place, pictures, t.view, t.part.slice(1)));
      if (button && part === t.part.slice(1)) button.focus({ preventScroll: true });
    }
  }

  for (const host of document.querySelectorAll(".minigrad-frames:not([data-ready])")) {
    if (typeof DecompressionStream === "undefined") continue; // the image stays
    host.setAttribute("data-ready", "");
    const pictures = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
    const place = document.createElement("div");
    place.style.overflowX = "auto";
    host.querySelector("img").replaceWith(place);
    show(host, place, pictures, 0);
  }
})();
