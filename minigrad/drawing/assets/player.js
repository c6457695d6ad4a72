// minigrad's step player. Reads the JSON beside it and shows it in a shadow root. Plain browser
// JavaScript: no libraries, no network. Text is always set as text; the only markup that is
// inserted are pictures and formulas, which Python wrote with every label escaped.
(() => {
  "use strict";
  const STYLE = `/*CSS*/`;
  const KINDS = { f: "forward", b: "backward", u: "update" };
  const PACE = 1100; // milliseconds a step while playing
  const SVG = "http://www.w3.org/2000/svg";
  const quiet = window.matchMedia("(prefers-reduced-motion: reduce)");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  // An element with attributes and children (elements or texts).
  const make = (name, attributes, ...children) => {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
      else if (value !== false && value != null) e.setAttribute(key, value === true ? "" : value);
    }
    e.append(...children.filter((c) => c != null && c !== ""));
    return e;
  };
  const draw = (name, attributes) => {
    const e = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    return e;
  };
  const markup = (name, attributes, html) => {
    const e = make(name, attributes);
    e.innerHTML = html;
    return e;
  };
  const icon = (path) =>
    markup("span", { "aria-hidden": "true", class: "icon" },
      `<svg viewBox="0 0 20 20" width="18" height="18"><path d="${path}" fill="currentColor"/></svg>`);
  const ICONS = {
    first: "M4 4h2v12H4zM16 4v12l-9-6z", back: "M13 4v12l-8-6z", next: "M7 4v12l8-6z",
    last: "M14 4h2v12h-2zM4 4v12l9-6z", play: "M6 3.5v13l11-6.5z", pause: "M5 4h4v12H5zM11 4h4v12h-4z",
  };

  class Player {
    constructor(host) {
      this.host = host;
      this.data = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
      this.root = host.attachShadow({ mode: "open" });
      this.at = 0; // position: 0 is before the first step
      this.selected = null; // {node} or {group}
      this.pictureNo = 0; // which picture of the graph: folded, whole, or with one box open
      this.timer = null;
      this.places = []; // position - 1 -> [iteration, step in it]
      this.data.iterations.forEach((it, i) => it.steps.forEach((_, s) => this.places.push([i, s])));
      const image = host.querySelector(".minigrad-static img");
      const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0));
      this.data.graphs[0].pictures[0].svg = new TextDecoder().decode(bytes);
      this.build();
      this.show(0, false);
    }

    // --- the page ------------------------------------------------------------------------

    build() {
      const d = this.data;
      const button = (name, label, action) =>
        make("button", { type: "button", class: name, "aria-label": label, title: label, onclick: action },
          icon(ICONS[name]));
      this.playButton = button("play", "Play (space)", () => this.toggle());
      this.slider = make("input", {
        type: "range", min: 0, max: this.places.length, value: 0, step: 1, "aria-label": "Step",
        oninput: () => { this.pause(); this.show(+this.slider.value); },
      });
      this.phases = make("div", { class: "phases", "aria-hidden": "true" });
      this.where = make("span", { class: "where" });
      this.live = make("p", { class: "live", role: "status", "aria-live": "polite" });
      this.picture = make("div", { class: "picture", tabindex: "-1" });
      this.panel = make("section", { class: "panel", "aria-label": "What happens in this step" });
      this.aside = make("section", { class: "aside", hidden: true, "aria-label": "The selected node" });
      this.fold = make("button", { type: "button", class: "text fold", onclick: () => this.unfold() });
      this.curve = make("div", { class: "curve" });
      const help = make("p", { class: "help" },
        "Keys: ", make("kbd", {}, "←"), " ", make("kbd", {}, "→"), " step, ",
        make("kbd", {}, "space"), " play, ", make("kbd", {}, "home"), " ", make("kbd", {}, "end"),
        d.iterations.length > 1 ? " ends, " : " ends. ",
        ...(d.iterations.length > 1
          ? [make("kbd", {}, "page up"), " ", make("kbd", {}, "page down"), " iteration. "] : []),
        "Click a node, or press ", make("kbd", {}, "enter"), " on it, for all about it.");
      this.card = make("div", {
        class: "card", role: "region", tabindex: "0", "aria-label": `Step player: ${d.title}`,
        onkeydown: (e) => this.key(e),
      },
        make("header", {}, make("span", { class: "legend" },
          make("span", { class: "key f" }, "forward"), make("span", { class: "key b" }, "backward"),
          make("span", { class: "key u" }, "update")), this.where, this.fold),
        this.picture,
        make("div", { class: "bar", role: "group", "aria-label": "Playing" },
          button("first", "First (home)", () => this.go(0)),
          button("back", "Step back (left arrow)", () => this.go(this.at - 1)),
          this.playButton,
          button("next", "Step on (right arrow)", () => this.go(this.at + 1)),
          button("last", "Last (end)", () => this.go(this.places.length)),
          make("div", { class: "track" }, this.phases, this.slider)),
        make("div", { class: "below" }, this.panel, this.aside),
        this.curve, help, this.live);
      this.root.append(make("style", {}, STYLE), this.card);
      d.iterations.forEach((it, i) => it.steps.forEach((step, s) => {
        const last = this.phases.lastChild;
        if (s && last.className.startsWith(step.kind)) return void last.style.flexGrow++;
        const e = make("span", { class: `${step.kind}${i && !s ? " begins" : ""}`, style: "flex-grow:1" });
        e.iteration = i;
        this.phases.append(e);
      }));
      this.phases.classList.toggle("many", d.iterations.length > 6);
      this.theme();
      const again = () => this.theme();
      dark.addEventListener("change", again);
      new MutationObserver(again).observe(document.body, { attributes: true });
      new ResizeObserver(() => this.fit()).observe(this.picture);
    }

    // JupyterLab says which theme it has; elsewhere the system does.
    theme() {
      const lab = document.body.dataset.jpThemeLight;
      const code = document.body.classList.contains("vscode-dark");
      const is = lab ? lab === "false" : code || dark.matches;
      this.card.dataset.theme = is ? "dark" : "light";
    }

    // --- the picture ---------------------------------------------------------------------

    load(index) {
      const graph = (this.graph = this.data.graphs[index]);
      if (!graph.pictures[this.pictureNo]) this.pictureNo = 0;
      const name = `${index} ${this.pictureNo}`;
      if (this.loaded === name) return;
      this.loaded = name;
      const picture = graph.pictures[this.pictureNo];
      this.partsOf = picture.parts;
      this.picture.innerHTML = picture.svg;
      this.svg = this.picture.querySelector("svg");
      this.svg.removeAttribute("font-family");
      this.size = [parseFloat(this.svg.getAttribute("width")), parseFloat(this.svg.getAttribute("height"))];
      this.boxes = {};
      this.nodesOf = {};
      for (const [i, parts] of Object.entries(this.partsOf)) {
        parts.forEach((p) => (this.nodesOf[p] ||= []).push(+i));
      }
      for (const g of this.svg.querySelectorAll("g.node")) {
        const part = g.dataset.part;
        const nodes = this.nodesOf[part] || [];
        this.boxes[part] = { g, value: centred(g, ".mg-value"), grad: centred(g, ".mg-grad") };
        const group = picture.groups.find((x) => x.part === part);
        const choose = () => this.select(group ? { group } : { node: nodes[0] });
        g.setAttribute("tabindex", "0");
        g.setAttribute("role", "button");
        g.setAttribute("aria-label", group ? `${group.name}, folded` : graph.nodes[nodes[0]].is);
        g.addEventListener("click", choose);
        g.addEventListener("keydown", (e) => {
          if (e.key !== "Enter" && e.key !== " ") return;
          e.preventDefault();
          e.stopPropagation();
          choose();
        });
      }
      for (const f of picture.frames) this.frameButton(f);
      this.edges = [...this.svg.querySelectorAll("g.edge")];
      this.svg.setAttribute("role", "group");
      const other = this.pictureNo && !picture.frames.length;
      this.fold.hidden = !other && graph.whole == null;
      this.fold.textContent = other ? "Fold" : "Unfold";
      this.fold.setAttribute("aria-expanded", String(!!other));
      this.fit();
    }

    // A small button at the upper right corner of a module's frame, which opens or closes it.
    frameButton({ part, view, expanded, name }) {
      const group = this.svg.querySelector(`g[data-part="${part}"]`);
      if (!group) return;
      const box = group.querySelector("path, polygon").getBBox();
      const inset = expanded ? 13 : 2; // of a closed one at the corner, off its name
      const [x, y] = [box.x + box.width - inset, box.y + inset];
      const act = () => {
        this.unfold(view);
        this.svg.querySelector(`g[data-frame="${part.slice(1)}"]`)?.focus({ preventScroll: true });
      };
      const button = draw("g", { class: "toggle", role: "button", tabindex: "0",
        "aria-expanded": String(expanded), "aria-label": `${name}, ${expanded ? "open" : "closed"}`,
        "data-frame": part.slice(1) });
      button.append(draw("circle", { cx: x, cy: y, r: 8.5 }),
        draw("path", { d: `M${x - 4.5} ${y}h9${expanded ? "" : `M${x} ${y - 4.5}v9`}` }));
      button.addEventListener("click", (e) => { e.stopPropagation(); act(); });
      button.addEventListener("keydown", (e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        e.stopPropagation();
        act();
      });
      this.svg.querySelector("g.graph").append(button);
    }

    unfold(number = this.fold.textContent === "Fold" ? 0 : this.graph.whole) {
      this.pictureNo = number;
      this.selected = null;
      this.show(this.at, false);
      this.live.textContent = number ? "unfolded" : "folded";
    }

    // As wide as there is room, but never too small to be read.
    fit() {
      if (!this.svg || !this.picture.clientWidth) return;
      const [w, h] = this.size;
      const room = this.picture.clientWidth - 24;
      const most = (parseFloat(getComputedStyle(this.picture).maxHeight) || 470) - 24;
      const scale = Math.max(0.92, Math.min(1.34, room / w, Math.max(0.92, most / h)));
      this.svg.style.width = `${w * scale}px`;
      this.svg.style.height = `${h * scale}px`;
    }

    // --- moving --------------------------------------------------------------------------

    go(position) {
      this.pause();
      this.show(position);
    }

    toggle() {
      if (this.timer) return this.pause();
      if (this.at >= this.places.length) this.show(0);
      this.setPlaying(true);
      const tick = () => {
        this.show(this.at + 1);
        if (this.at >= this.places.length) this.pause();
        else this.timer = setTimeout(tick, PACE);
      };
      this.timer = setTimeout(tick, PACE / 3);
    }

    pause() {
      clearTimeout(this.timer);
      this.timer = null;
      this.setPlaying(false);
    }

    setPlaying(on) {
      const label = on ? "Pause (space)" : "Play (space)";
      this.playButton.replaceChildren(icon(on ? ICONS.pause : ICONS.play));
      this.playButton.setAttribute("aria-label", label);
      this.playButton.title = label;
    }

    key(e) {
      if (e.altKey || e.ctrlKey || e.metaKey) return;
      const iteration = (by) => {
        const i = (this.places[this.at - 1] || [0])[0] + by;
        if (i < 0) return 0;
        const first = this.places.findIndex(([it]) => it === i);
        return first < 0 ? this.places.length : first + 1;
      };
      const moves = {
        ArrowRight: () => this.at + 1, ArrowLeft: () => this.at - 1, Home: () => 0,
        End: () => this.places.length, PageDown: () => iteration(1), PageUp: () => iteration(-1),
      };
      const onButton = e.target.closest && e.target.closest("button, a, summary");
      if (moves[e.key]) this.go(moves[e.key]());
      else if (e.key === " " && !onButton) this.toggle();
      else if (e.key === "Escape" && this.selected) this.select(null);
      else return;
      e.preventDefault();
      e.stopPropagation();
    }

    // --- showing a position --------------------------------------------------------------

    show(position, speak = true) {
      const d = this.data;
      this.at = Math.max(0, Math.min(this.places.length, position));
      const [i, s] = this.at ? this.places[this.at - 1] : [0, -1];
      const it = d.iterations[i];
      const step = s >= 0 ? it.steps[s] : null;
      this.load(it.graph);
      const values = {}; // what is known now, by node
      const grads = {};
      for (const [n, x] of Object.entries(it.given)) values[n] = x;
      for (const done of it.steps.slice(0, s + 1)) {
        if (done.kind === "b") grads[done.node] = done.grad;
        else values[done.node] = done.value;
      }
      this.values = values;
      this.grads = grads;
      this.mark(step);
      const label = step
        ? `${d.iterations.length > 1 ? `iteration ${it.number}, ` : ""}step ${step.number} of ${d.total}`
        : "before the first step";
      this.where.textContent = label;
      this.card.dataset.phase = step ? step.kind : "";
      this.slider.value = this.at;
      for (const e of this.phases.children) e.classList.toggle("here", e.iteration === i);
      this.slider.setAttribute("aria-valuetext", step ? `${label}: ${step.say}` : label);
      this.describe(step, it);
      this.about();
      this.losses(it);
      if (speak) this.live.textContent = step ? `${KINDS[step.kind]}: ${step.say}` : label;
    }

    mark(step) {
      // Of what is folded into one box, what came last: gradients come from the last node first.
      const latest = (known, nodes) => {
        const found = nodes.filter((n) => n in known);
        return found.length ? known[known === this.grads ? found[0] : found[found.length - 1]] : null;
      };
      const now = step ? this.partsOf[step.node] : [];
      const via = step && step.via != null ? this.partsOf[step.via] : [];
      for (const [part, box] of Object.entries(this.boxes)) {
        const nodes = this.nodesOf[part] || [];
        const here = now.includes(part);
        // A module's box has the numbers of its result, not those of its parameters.
        const results = nodes.filter((n) => this.graph.nodes[n].inputs.length);
        const own = results.length ? results : nodes;
        const pick = (known) =>
          here && own.includes(step.node) && step.node in known ? known[step.node] : latest(known, own);
        const value = pick(this.values);
        const grad = pick(this.grads);
        write(box.value, value == null ? "·" : this.data.numbers[value].short);
        write(box.grad, grad == null ? "" : "∇ " + this.data.numbers[grad].short);
        const chosen = this.selected && (this.selected.group
          ? this.selected.group.part === part : nodes.includes(this.selected.node));
        box.g.classList.toggle("todo", value == null && !!box.value);
        box.g.classList.toggle("now", here);
        box.g.classList.toggle("via", via.includes(part) && !here);
        box.g.classList.toggle("chosen", !!chosen);
      }
      const inputs = step && step.kind === "f" ? this.graph.nodes[step.node].inputs : [];
      const from = inputs.flatMap((n) => this.partsOf[n] || []);
      for (const e of this.edges) {
        const { from: a, to: b } = e.dataset;
        const active = !!step && ((step.kind === "f" && from.includes(a) && now.includes(b)) ||
          (step.kind === "b" && now.includes(a) && via.includes(b)));
        e.classList.toggle("active", active);
      }
      if (now.length && this.boxes[now[0]]) this.reveal(this.boxes[now[0]].g);
    }

    // Scroll the picture, and nothing else, so that the node is in it.
    reveal(g) {
      const a = g.getBoundingClientRect();
      const b = this.picture.getBoundingClientRect();
      if (!b.width) return;
      const left = a.left < b.left || a.right > b.right ? (a.left + a.right - b.left - b.right) / 2 : 0;
      const top = a.top < b.top || a.bottom > b.bottom ? (a.top + a.bottom - b.top - b.bottom) / 2 : 0;
      if (left || top) this.picture.scrollBy({ left, top, behavior: quiet.matches ? "auto" : "smooth" });
    }

    formula(i) {
      return i == null ? null : markup("div", { class: "formula" }, this.data.formulas[i]);
    }

    // --- the panel -----------------------------------------------------------------------

    describe(step, it) {
      const nodes = this.graph.nodes;
      const parts = [];
      if (!step) {
        parts.push(make("h3", {}, "Before the first step"),
          make("p", {}, "The leaves and constants have their numbers; nothing is computed yet."),
          ...this.given(it));
        return this.panel.replaceChildren(...parts);
      }
      const node = nodes[step.node];
      const block = (title, number, extra) => this.block(title, number, extra);
      const inputs = step.in.map(([symbol, what, n, x]) =>
        block([markup("span", { class: "symbol" }, this.data.formulas[symbol]), " ",
          what === "grad" ? "gradient of " : "", make("b", {}, nodes[n].name)], x));
      if (step.kind === "f") {
        parts.push(title("Forward", node.is), this.said(step),
          row(...inputs, out(block([make("b", {}, node.name)], step.value, "result"))));
      } else if (step.kind === "b" && step.via == null) {
        parts.push(title("Backward", `gradient of ${node.name}`),
          make("p", {}, "The backward pass starts here."),
          this.said(step),
          row(block(["gradient of ", make("b", {}, node.name)], step.grad, "result")));
      } else if (step.kind === "b") {
        const sum = step.part !== step.grad
          ? [make("span", { class: "arrow" }, "Σ"), block(["sum so far"], step.grad, "result")] : [];
        parts.push(title("Backward", `gradient of ${node.name}`, `through ${nodes[step.via].is}`),
          this.said(step),
          row(...inputs, out(block([sum.length ? "adds to the gradient of " : "gradient of ",
            make("b", {}, node.name)], step.part, "result"), ...sum)));
      } else {
        // With a known rate, what its formula calls the two numbers.
        const named = (k, said) => step.symbols
          ? [markup("span", { class: "symbol" }, this.data.formulas[step.symbols[k]]), " ", said] : [said];
        parts.push(title("Update", `${node.name} gets new numbers`, step.by && `by ${step.by}`),
          this.said(step),
          row(block(named(0, "before"), step.before), block(named(1, "gradient"), step.grad),
            out(block([make("b", {}, node.name)], step.value, "result"))));
      }
      this.panel.replaceChildren(...parts.filter(Boolean));
    }

    // The formula, and beside it the line of code.
    said(step) {
      const parts = [this.formula(step.formula), step.source ? source(step.source) : null].filter(Boolean);
      return parts.length ? make("div", { class: "said" }, ...parts) : null;
    }

    given(it) {
      const shown = Object.entries(it.given).slice(0, 6);
      return [row(...shown.map(([n, x]) => make("div", { class: "block" },
        make("div", { class: "head" }, make("b", {}, this.graph.nodes[n].name)),
        make("div", { class: "numbers" }, this.data.numbers[x].short),
        make("div", { class: "faint" }, `${this.data.numbers[x].shape} ${this.data.numbers[x].dtype}`))))];
    }

    // A tensor's numbers: all of a small one; of a large one a few, the range, and a heat map.
    block(head, index, extra) {
      const e = make("div", { class: `block ${extra || ""}` }, make("div", { class: "head" }, ...head));
      if (index == null) {
        e.append(make("div", { class: "faint" }, "not known: computed before recording began"));
        return e;
      }
      const x = this.data.numbers[index];
      const body = make("div", { class: "body" });
      if (x.heat && (x.more || (x.all.length > 4 && x.heat.includes("/")))) body.append(heat(x));
      const side = make("div", { class: "side" });
      if (x.more) {
        side.append(make("div", { class: "numbers few" }, `${x.all.join("  ")}  …`));
      } else {
        const table = make("div", { class: "numbers grid", style: `--columns:${x.columns}` });
        x.all.forEach((n) => table.append(make("span", {}, n)));
        side.append(x.all.length ? table : make("div", { class: "faint" }, "no numbers"));
      }
      if (x.range && x.more) {
        side.append(make("div", { class: "faint" },
          `min ${x.range[0]}, mean ${x.range[1]}, max ${x.range[2]}`));
      }
      if (x.bad) side.append(make("div", { class: "bad" }, `${x.bad} NaN or infinite`));
      side.append(make("div", { class: "faint" }, `${x.shape} ${x.dtype}`));
      body.append(side);
      e.append(body);
      return e;
    }

    // --- all about one node --------------------------------------------------------------

    select(what) {
      this.selected = what;
      this.show(this.at, false);
      if (what) this.live.textContent = what.group ? what.group.name : this.graph.nodes[what.node].is;
    }

    about() {
      const chosen = this.selected;
      this.aside.hidden = !chosen;
      if (!chosen) return;
      const close = make("button", { type: "button", class: "text", onclick: () => this.select(null) },
        "Close");
      const nodes = this.graph.nodes;
      if (chosen.group) {
        const { name, members, count, open } = chosen.group;
        const list = make("ul", {});
        members.forEach((n, k) => {
          if (k && members[k - 1] + 1 < n && k === members.length / 2 && members.length < count) {
            list.append(make("li", { class: "faint" }, `… ${count - members.length} more …`));
          }
          const x = this.values[n];
          list.append(make("li", {}, make("button", {
            type: "button", class: "text", onclick: () => this.select({ node: n }),
          }, nodes[n].is), " ", x == null ? "" : make("span", { class: "faint" },
            this.data.numbers[x].short)));
        });
        this.aside.replaceChildren(make("div", { class: "top" }, make("h3", {}, name), close),
          open == null ? "" : make("button", { type: "button", class: "text open",
            onclick: () => this.unfold(open) }, "Open this box in the picture"),
          make("details", { open: true }, make("summary", {}, `${count} folded into one box`), list));
        return;
      }
      const node = nodes[chosen.node];
      const fact = (name, ...value) => [make("dt", {}, name), make("dd", {}, ...value)];
      const kinds = { leaf: "leaf: accumulates a gradient", constant: "constant: needs no gradient",
        op: "result of an operation", root: "root: the backward pass starts here" };
      const facts = make("dl", {}, ...fact("kind", kinds[node.kind]),
        ...fact("shape", node.shape === "[]" ? "[] (a single number)" : node.shape || "not known"),
        ...fact("dtype", node.dtype || "not known"));
      if (node.aliases) facts.append(...fact("also called", node.aliases.join(", ")));
      if (node.formula != null) facts.append(...fact("forward", this.formula(node.formula)));
      (node.vjps || []).forEach(([name, f], k) =>
        facts.append(...fact(k ? "" : "backward", this.formula(f))));
      this.aside.replaceChildren(
        make("div", { class: "top" }, make("h3", {}, make("code", {}, node.is)), close), facts,
        row(this.known("value now", this.values[chosen.node]),
          this.known("gradient now", this.grads[chosen.node])),
        node.source ? source(node.source) : "");
    }

    known(name, index) {
      if (index != null) return this.block([name], index);
      return make("div", { class: "block" }, make("div", { class: "head" }, name),
        make("div", { class: "faint" }, "none yet"));
    }

    // --- the loss curve ------------------------------------------------------------------

    losses(it) {
      const curves = this.data.losses.filter((c) => c.points.length > 1);
      if (!curves.length) return;
      const W = 640, H = 96, P = 8;
      const all = curves.flatMap((c) => c.points);
      const ys = all.map((p) => p[1]);
      const low = Math.min(...ys), high = Math.max(...ys);
      const log = low > 0 && high / low > 50;
      const f = log ? Math.log10 : (v) => v;
      const xs = all.map((p) => p[0]);
      const x0 = Math.min(...xs), x1 = Math.max(...xs);
      const X = (v) => P + ((v - x0) / (x1 - x0 || 1)) * (W - 2 * P);
      const Y = (v) => P + (1 - (f(v) - f(low)) / (f(high) - f(low) || 1)) * (H - 2 * P);
      const label = `${curves.map((c) => c.name).join(" and ")} by iteration, from ` +
        `${short(ys[0])} to ${short(ys[ys.length - 1])}${log ? ", logarithmic" : ""}`;
      const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label,
        preserveAspectRatio: "none" });
      curves.forEach((c, k) => {
        svg.append(draw("polyline", { class: `line l${k % 3}`,
          points: c.points.map(([x, y]) => `${X(x)},${Y(y)}`).join(" ") }));
      });
      const here = curves.flatMap((c) => c.points).find((p) => p[0] === it.number);
      if (here) {
        svg.append(draw("line", { class: "cursor", x1: X(here[0]), x2: X(here[0]), y1: 0, y2: H }));
      }
      svg.addEventListener("click", (e) => {
        const box = svg.getBoundingClientRect();
        const x = x0 + (((e.clientX - box.left) / box.width) * W - P) / (W - 2 * P) * (x1 - x0);
        const near = this.data.iterations.map((other, i) => [Math.abs(other.number - x), i]).sort(
          (a, b) => a[0] - b[0])[0][1];
        this.go(this.places.findIndex(([i]) => i === near) + 1);
      });
      this.curve.replaceChildren(
        make("div", { class: "head" }, `${curves.map((c) => c.name).join(", ")}${log ? " (log scale)" : ""}`,
          make("span", { class: "faint" }, it.loss == null ? "" : `iteration ${it.number}: ${it.loss}`)),
        make("div", { class: "plot" }, make("div", { class: "axis", "aria-hidden": "true" },
          make("span", {}, short(high)), make("span", {}, short(low))), svg));
    }
  }

  const title = (kind, text, more) => make("h3", {}, make("span", { class: "kind" }, kind), " ",
    make("code", {}, text), more ? make("span", { class: "through" }, " ", make("code", {}, more)) : "");
  const row = (...children) => make("div", { class: "row" }, ...children);
  const out = (...results) => make("div", { class: "out" },
    make("span", { class: "arrow", "aria-hidden": "true" }, "→"), ...results);
  const short = (v) => (Math.abs(v) >= 1e6 ? (+v.toPrecision(4)).toExponential() : String(+v.toPrecision(4)))
    .replace("e+", "e").replace("-", "−");
  const source = ([file, line, text]) => make("p", { class: "source" },
    make("span", { class: "faint" }, `${file ? file + ", " : ""}line ${line}`), " ",
    make("code", {}, text));

  // The text that changes is centred in its node.
  function centred(g, selector) {
    const text = g.querySelector(selector);
    if (!text) return null;
    const shape = g.querySelector("polygon, path, ellipse");
    const numbers = (shape.getAttribute("points") || shape.getAttribute("d")).match(/-?[\d.]+/g).map(Number);
    const xs = numbers.filter((_, i) => i % 2 === 0);
    text.setAttribute("x", (Math.min(...xs) + Math.max(...xs)) / 2);
    text.setAttribute("text-anchor", "middle");
    return text;
  }

  function write(text, said) {
    if (text && text.textContent !== said) text.textContent = said;
  }

  function heat(x) {
    const rows = x.heat.split("/");
    const w = rows[0].length, h = rows.length;
    const cell = Math.max(5, Math.min(14, Math.floor(72 / Math.max(w, h))));
    const svg = draw("svg", { class: "heat", width: w * cell, height: h * cell, role: "img",
      viewBox: `0 0 ${w} ${h}`, "shape-rendering": "crispEdges",
      "aria-label": `heat map of ${x.more ? "evenly spaced" : "the"} numbers, from ${x.range[0]} to ${x.range[2]}` });
    rows.forEach((r, i) => [...r].forEach((c, j) => {
      const e = draw("rect", { x: j, y: i, width: 1, height: 1 });
      if (c === ".") e.setAttribute("class", "bad");
      else e.setAttribute("style", `fill:color-mix(in oklab, var(--high) ${Math.round((parseInt(c, 16) / 15) * 100)}%, var(--low))`);
      svg.append(e);
    }));
    return svg;
  }

  for (const host of document.querySelectorAll(".minigrad-player")) {
    if (!host.shadowRoot && host.querySelector('script[type="application/json"]')) new Player(host);
  }
})();
