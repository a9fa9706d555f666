/* <wic-ask>: the WIC question desk on any page.

     <script src="https://HOST/widget.js" defer></script>
     <wic-ask heading="Ask about the WIC" examples="Who can become a member? | When is the next summit?"></wic-ask>

   Attributes, all optional:
     heading, greeting     texts at the top
     lang                  en or zh; else the page's, else the browser's
     position              bottom-right (default), bottom-left, or inline
     color, color-text     of the launcher, the buttons and the links: any CSS colour
     theme                 light, dark, or auto (default)
     filter                programs=...&kinds=...&years=...&documents=..., each as often as needed
     examples              questions, with | between them
     server                the desk's address; default: where this script comes from
     open                  shows the panel at once

   Whoever runs the desk lists the page's origin in RAG_ALLOWED_ORIGINS; if it is not listed, the console says so.
   No text of a question or a document is ever read as HTML, and nothing here needs unsafe-inline or unsafe-eval. */
(() => {
  "use strict";
  if (customElements.get("wic-ask")) return;
  const HOME = new URL(".", document.currentScript?.src || location.href).href;
  const KEPT = 20; // exchanges of a conversation
  const TURNS = 6; // earlier turns that go with a question
  const LONGEST_WAIT = 30; // seconds between two tries
  const WORDS = {
    en: {
      heading: "Ask about the WIC", open: "Ask a question", close: "Close", fresh: "New conversation", ask: "Ask",
      stop: "Stop", label: "Your question", placeholder: "Your question", conversation: "Conversation",
      greeting: "Ask about World Internet Conference programs and reports. Each sentence of an answer carries a mark "
        + "that opens its source.",
      searching: "Searching the documents …", sources: "Sources", nearest: "You could ask", source: "Source",
      newTab: "opens in a new tab", page: "page", you: "You asked", stopped: "Stopped.",
      down: (seconds) => `The desk cannot be reached. Trying again in ${seconds} s.`,
      busy: (seconds) => `The desk is busy. Trying again in ${seconds} s.`,
      silent: (seconds) => `The desk does not answer this page. Trying again in ${seconds} s.`,
      now: "Try now", again: "Ask again", good: "Helpful", bad: "Not helpful", thanks: "Thank you.",
      partly: "supports this in part",
      states: { partial: "Partly answered", not_in_corpus: "Not in the documents",
        out_of_scope: "Outside the documents' subject", error: "No answer" },
    },
    zh: {
      heading: "世界互联网大会问答", open: "提问", close: "关闭", fresh: "新对话", ask: "提问", stop: "停止",
      label: "您的问题", placeholder: "您的问题", conversation: "对话",
      greeting: "欢迎提问有关世界互联网大会项目和报告的问题。答案的每句话都带有可打开原文的标记。",
      searching: "正在查找文件……", sources: "来源", nearest: "您可以问", source: "来源", newTab: "在新标签页中打开",
      page: "页", you: "您的提问", stopped: "已停止。",
      down: (seconds) => `无法连接问答台，${seconds} 秒后重试。`, busy: (seconds) => `问答台繁忙，${seconds} 秒后重试。`,
      silent: (seconds) => `问答台未答复本页面，${seconds} 秒后重试。`,
      now: "立即重试", again: "再问一次", good: "有帮助", bad: "没有帮助", thanks: "谢谢。", partly: "仅部分支持",
      states: { partial: "部分回答", not_in_corpus: "文件中没有答案", out_of_scope: "超出文件的范围", error: "无法回答" },
    },
  };
  const STYLE = `
    :host { --accent: #1d4ed8; --accent-ink: #fff; --ink: #1b2430; --soft: #566275; --line: #d9dfe7; --paper: #fff;
      --ground: #f5f7fa; --asked: #e8eefc; color-scheme: light; font: 15px/1.55 system-ui, "Segoe UI",
      "Helvetica Neue", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
      color: var(--ink); text-align: start; }
    :host([hidden]) { display: none; }
    .dark { --ink: #e4e9f0; --soft: #9aa7b8; --line: #313c4a; --paper: #161d27; --ground: #0e141c; --asked: #22304a;
      --link: #8ab4ff; color-scheme: dark; color: var(--ink); }
    * { box-sizing: border-box; }
    button, textarea { font: inherit; color: inherit; }
    button { cursor: pointer; }
    :is(button, a, textarea, [tabindex]):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .launcher { position: fixed; inset-block-end: 1.25rem; z-index: 2147483000; border: 0; border-radius: 2rem;
      padding: .75rem 1.25rem; background: var(--accent); color: var(--accent-ink); font-weight: 600;
      box-shadow: 0 4px 16px #0004; }
    .right { inset-inline-end: 1.25rem; } .left { inset-inline-start: 1.25rem; }
    .panel { display: flex; flex-direction: column; background: var(--paper); border: 1px solid var(--line);
      border-radius: 12px; overflow: hidden; }
    .floating { position: fixed; inset-block-end: 1.25rem; z-index: 2147483001; width: min(26rem, calc(100vw - 2.5rem));
      height: min(40rem, calc(100dvh - 2.5rem)); box-shadow: 0 8px 40px #0005; }
    .inline { width: 100%; height: 100%; min-height: 22rem; }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; gap: .25rem; padding: .6rem .5rem .6rem 1rem;
      border-bottom: 1px solid var(--line); }
    header h2 { flex: 1; margin: 0; font-size: 1rem; font-weight: 650; }
    .icon { border: 0; background: none; min-width: 2.25rem; height: 2.25rem; border-radius: 6px; color: var(--soft); }
    .icon:hover { background: var(--ground); }
    .log { flex: 1; overflow-y: auto; padding: 1rem; overscroll-behavior: contain; overflow-wrap: anywhere; }
    .log > * + * { margin-top: .9rem; }
    p, ul, ol { margin: 0 0 .6rem; } ul, ol { padding-inline-start: 1.25rem; }
    .asked { background: var(--asked); border-radius: 10px; padding: .5rem .75rem; margin-inline-start: 2rem;
      white-space: pre-wrap; }
    .state { font-size: .85rem; font-weight: 600; color: var(--soft); }
    .notice, .soft { color: var(--soft); font-size: .875rem; }
    a { color: var(--link, var(--accent)); }
    .mark { text-decoration: none; font-size: .8em; vertical-align: .25em; line-height: 1; padding: .15em .2em;
      border-radius: 4px; white-space: nowrap; }
    .mark:hover, .mark:focus { background: var(--asked); }
    .sources { font-size: .85rem; list-style: none; padding: 0; } .sources li { margin-bottom: .4rem; }
    .sources q { color: var(--soft); display: block; }
    .chips { display: flex; flex-wrap: wrap; gap: .4rem; }
    .chip { border: 1px solid var(--line); background: var(--paper); border-radius: 1rem; padding: .3rem .75rem;
      text-align: start; font-size: .875rem; }
    .chip:hover { border-color: var(--accent); }
    .chip[aria-pressed="true"] { background: var(--asked); }
    form { display: flex; gap: .5rem; padding: .75rem; border-top: 1px solid var(--line); align-items: end; }
    textarea { flex: 1; resize: none; border: 1px solid var(--line); border-radius: 8px; padding: .5rem .65rem;
      background: var(--paper); max-height: 8rem; field-sizing: content; font-size: max(1em, 16px); }
    .send { border: 0; border-radius: 8px; padding: .55rem 1rem; background: var(--accent); color: var(--accent-ink);
      font-weight: 600; }
    .tip { position: absolute; z-index: 2; max-width: min(22rem, 90%); background: var(--ink); color: var(--paper);
      padding: .5rem .7rem; border-radius: 8px; font-size: .83rem; pointer-events: none; }
    .tip b { display: block; font-weight: 600; margin-bottom: .2rem; }
    .panel { position: relative; } .panel.floating { position: fixed; }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 480px) {
      .floating { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media print { .launcher, .floating { display: none; } }
  `;
  let sheet = null;
  const style = () => {
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    return sheet;
  };

  /** An element with its properties and children; text children are text, never HTML. */
  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  /** The events of a stream, as {name, data}. */
  async function* eventsOf(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    try {
      while (true) {
        const { value, done } = await reader.read();
        if (done) return;
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) {
          const field = (name) => block.split("\n").filter((line) => line.startsWith(`${name}: `))
            .map((line) => line.slice(name.length + 2)).join("\n");
          if (field("data")) yield { name: field("event"), data: JSON.parse(field("data")) };
        }
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  /** Why there is no answer; `wait` in seconds means that it is worth another try, `why` is the word for it. */
  class Refusal extends Error {
    constructor(message, wait = 0, why = "busy") {
      super(message);
      this.wait = wait;
      this.why = why;
    }
  }

  let hinted = false;

  /** Tell the page's owner, once, why a desk that is there gives this page no answer; readers cannot mend it. */
  function hint(server) {
    if (hinted) return;
    hinted = true;
    const remedy = self.origin === "null"
      ? "This page has no origin that could be listed: open it from a web server, and not from a file or a sandbox."
      : `Whoever runs the desk must list the origin of this page: RAG_ALLOWED_ORIGINS=${self.origin} (with commas `
        + "between origins). If it is listed, sign in at the desk in this browser.";
    console.warn(`<wic-ask>: the desk at ${server} is there, but pages of ${self.origin} get no answer. ${remedy}`);
  }

  class WicAsk extends HTMLElement {
    #exchanges = []; // {question, answer?, notice?}
    #root = this.attachShadow({ mode: "open" });
    #asking = null; // AbortController of the question on its way
    #parts = {};
    #number = 0;

    connectedCallback() {
      if (this.#parts.panel) return;
      this.#root.adoptedStyleSheets = [style()];
      this.#recall();
      this.#build();
      this.#drawAll();
      const waiting = this.#exchanges.at(-1);
      if (waiting && !waiting.answer && !waiting.notice) this.#answer(waiting);
    }

    disconnectedCallback() {
      queueMicrotask(() => { if (!this.isConnected) this.#asking?.abort(); });
    }

    // what the page's author chose

    get #language() {
      const wanted = this.getAttribute("lang") || document.documentElement.lang || navigator.language || "en";
      return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
    }
    get #words() { return WORDS[this.#language]; }
    get #server() { return new URL(this.getAttribute("server") || ".", HOME).href.replace(/\/?$/, "/"); }
    get #inline() { return this.getAttribute("position") === "inline"; }
    get #heading() { return this.getAttribute("heading") || this.#words.heading; }
    get #scope() {
      const wanted = new URLSearchParams(this.getAttribute("filter") || "");
      const names = ["programs", "kinds", "years", "documents"].filter((name) => wanted.has(name));
      return Object.fromEntries(names.map((name) => [name, wanted.getAll(name)]));
    }
    get #examples() {
      return (this.getAttribute("examples") || "").split("|").map((text) => text.trim()).filter(Boolean);
    }
    get #key() { return `wic-ask:${this.#server}${this.id ? `#${this.id}` : ""}`; }

    // what stays while the tab is open

    #recall() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(this.#key)) || {};
        this.#exchanges = Array.isArray(kept.exchanges) ? kept.exchanges : [];
        this.shown = kept.shown ?? this.hasAttribute("open");
      } catch {
        this.shown = this.hasAttribute("open"); // a page may forbid storage
      }
    }
    #keep() {
      this.#exchanges = this.#exchanges.slice(-KEPT);
      try {
        sessionStorage.setItem(this.#key, JSON.stringify({ exchanges: this.#exchanges, shown: this.shown }));
      } catch { /* full or forbidden: the conversation then lasts as long as the page */ }
    }

    // what is seen

    #build() {
      const words = this.#words;
      const side = this.getAttribute("position") === "bottom-left" ? "left" : "right";
      const parts = this.#parts;
      parts.log = make("div", { className: "log", role: "log", tabindex: "0",
        "aria-live": "off", "aria-label": words.conversation }); // a growing text is told once, when it is whole
      parts.box = make("textarea", {
        rows: "1", maxlength: "2000", placeholder: words.placeholder, "aria-label": words.label,
        onkeydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          parts.form.requestSubmit();
        },
      });
      parts.send = make("button", { className: "send", type: "submit" }, words.ask);
      parts.form = make("form", { onsubmit: (event) => {
        event.preventDefault();
        if (this.#asking) this.stop();
        else this.ask(parts.box.value);
      } }, parts.box, parts.send);
      parts.tip = make("div", { className: "tip", role: "tooltip", id: "tip", hidden: true });
      parts.said = make("div", { className: "quiet", role: "status" });
      const fresh = make("button", { className: "icon", type: "button", "aria-label": words.fresh, title: words.fresh,
        onclick: () => this.clear() }, "↺");
      parts.close = this.#inline ? null : make("button", { className: "icon", type: "button",
        "aria-label": words.close, title: words.close, onclick: () => this.hide() }, "✕");
      parts.panel = make("section", {
        id: "panel", className: `panel ${this.#inline ? "inline" : `floating ${side}`}`, lang: this.#language,
        role: this.#inline ? "region" : "dialog", "aria-label": this.#heading,
        onkeydown: (event) => this.#onKey(event),
      }, make("header", {}, make("h2", {}, this.#heading), fresh, parts.close), parts.log, parts.said, parts.form,
      parts.tip);
      parts.launcher = make("button", {
        className: `launcher ${side}`, type: "button", "aria-controls": "panel", lang: this.#language,
        onclick: () => this.show(),
      }, this.getAttribute("heading") || words.open);
      this.#root.replaceChildren(...(this.#inline ? [parts.panel] : [parts.launcher, parts.panel]));
      this.#paint();
      this.#place();
    }

    /** Colours, set through the object model: an inline style would need the page's consent. */
    #paint() {
      const { panel, launcher } = this.#parts;
      const dark = matchMedia("(prefers-color-scheme: dark)");
      const theme = () => {
        const wanted = this.getAttribute("theme") || "auto";
        panel.classList.toggle("dark", wanted === "dark" || (wanted === "auto" && dark.matches));
      };
      theme();
      dark.addEventListener("change", theme);
      for (const [attribute, variable] of [["color", "--accent"], ["color-text", "--accent-ink"]]) {
        const value = this.getAttribute(attribute);
        if (!value || !CSS.supports("color", value)) continue;
        for (const element of [panel, launcher]) element.style.setProperty(variable, value);
      }
    }

    #place() {
      const { panel, launcher } = this.#parts;
      const shown = this.#inline || this.shown;
      panel.hidden = !shown;
      launcher.hidden = shown;
      launcher.setAttribute("aria-expanded", String(shown));
      const whole = !this.#inline && matchMedia("(max-width: 480px)").matches;
      if (whole) panel.setAttribute("aria-modal", "true");
      else panel.removeAttribute("aria-modal");
    }

    #onKey(event) {
      const { tip, panel } = this.#parts;
      if (event.key === "Escape") {
        event.stopPropagation();
        if (!tip.hidden) tip.hidden = true;
        else if (!this.#inline) this.hide();
      }
      if (event.key !== "Tab" || !panel.hasAttribute("aria-modal")) return;
      const stops = [...panel.querySelectorAll("button, a[href], textarea, [tabindex]")].filter((e) => e.offsetParent);
      const [first, last] = [stops[0], stops.at(-1)];
      const active = this.#root.activeElement;
      if (event.shiftKey ? active === first : active === last) {
        event.preventDefault();
        (event.shiftKey ? last : first).focus();
      }
    }

    #drawAll() {
      const words = this.#words;
      const greeting = make("div", {}, make("p", {}, this.getAttribute("greeting") || words.greeting));
      if (!this.#exchanges.length && this.#examples.length) greeting.append(this.#chips(this.#examples));
      this.#parts.log.replaceChildren(greeting);
      this.#exchanges.forEach((exchange) => this.#draw(exchange));
      this.#scroll();
    }

    #draw(exchange) {
      const asked = make("div", { className: "asked" },
        make("span", { className: "quiet" }, `${this.#words.you}: `), exchange.question);
      exchange.place = make("div", { className: "answer" });
      Object.defineProperty(exchange, "place", { enumerable: false });
      this.#parts.log.append(asked, exchange.place);
      if (exchange.answer) this.#drawAnswer(exchange);
      else if (exchange.notice) this.#drawNotice(exchange);
    }

    #drawNotice(exchange) {
      const again = make("button", { className: "chip", type: "button", onclick: () => {
        exchange.notice = "";
        this.#answer(exchange);
      } }, this.#words.again);
      exchange.place.replaceChildren(make("p", { className: "notice" }, exchange.notice), again);
    }

    #drawAnswer(exchange, complete = true) {
      const { answer, place } = exchange;
      const words = WORDS[answer.language === "zh" ? "zh" : "en"];
      const parts = [];
      if (words.states[answer.state]) parts.push(make("p", { className: "state" }, words.states[answer.state]));
      parts.push(...this.#blocks(answer));
      for (const notice of answer.notices || []) parts.push(make("p", { className: "notice" }, notice));
      if (complete && answer.citations.length) parts.push(this.#sources(answer, words));
      const last = exchange === this.#exchanges.at(-1);
      if (complete && last && answer.suggestions.length) {
        parts.push(make("p", { className: "soft" }, words.nearest), this.#chips(answer.suggestions.slice(0, 3)));
      }
      if (complete && answer.state !== "greeting") parts.push(this.#thumbs(exchange, words));
      place.setAttribute("lang", answer.language);
      place.setAttribute("data-state", answer.state);
      place.replaceChildren(...parts);
    }

    /** Paragraphs and lists: empty lines part them, "- " begins an item. */
    #blocks(answer) {
      return answer.answer.trim().split(/\n{2,}/).map((block) => {
        const lines = block.split("\n").filter((line) => line.trim());
        if (lines.length && lines.every((line) => line.startsWith("- "))) {
          return make("ul", {}, ...lines.map((line) => make("li", {}, ...this.#marked(line.slice(2), answer))));
        }
        return make("p", {}, ...lines.flatMap((line, i) => [...(i ? [make("br")] : []), ...this.#marked(line, answer)]));
      });
    }

    #marked(text, answer) {
      return text.split(/\s*\[(\d+)\]/).map((piece, i) => {
        const citation = i % 2 ? answer.citations[Number(piece) - 1] : null;
        return i % 2 ? (citation ? this.#mark(citation) : `[${piece}]`) : piece;
      });
    }

    #mark(citation) {
      const words = this.#words;
      const show = (event) => this.#showTip(event.currentTarget, citation);
      const hide = () => { this.#parts.tip.hidden = true; };
      return make("a", {
        className: "mark", href: this.#link(citation), target: "_blank", rel: "noopener",
        "aria-label": `${words.source} ${citation.number}: ${citation.title} (${words.newTab})`,
        "aria-describedby": "tip",
        onmouseenter: show, onfocus: show, onmouseleave: hide, onblur: hide,
      }, `[${citation.number}]`);
    }

    #showTip(mark, citation) {
      const { tip, panel } = this.#parts;
      tip.replaceChildren(make("b", {}, citation.title), citation.quote);
      tip.hidden = false;
      const [inside, at] = [panel.getBoundingClientRect(), mark.getBoundingClientRect()];
      const left = Math.min(at.left - inside.left, inside.width - tip.offsetWidth - 12);
      const above = at.top - inside.top - tip.offsetHeight - 6;
      tip.style.setProperty("left", `${Math.max(8, left)}px`);
      tip.style.setProperty("top", `${above > 0 ? above : at.bottom - inside.top + 6}px`);
    }

    #sources(answer, words) {
      const items = answer.citations.map((citation) => {
        const facts = [citation.section, citation.publisher, citation.date,
          citation.page ? `${words.page} ${citation.page}` : "", citation.support === "partial" ? words.partly : ""];
        return make("li", {},
          make("a", { href: this.#link(citation), target: "_blank", rel: "noopener" },
            `[${citation.number}] ${citation.title}`),
          make("q", {}, citation.quote), make("span", { className: "soft" }, facts.filter(Boolean).join(" · ")));
      });
      const open = answer.citations.length <= 3;
      return make("details", { open }, make("summary", { className: "soft" }, `${words.sources} (${items.length})`),
        make("ol", { className: "sources" }, ...items));
    }

    #chips(questions) {
      return make("div", { className: "chips" }, ...questions.map((text) =>
        make("button", { className: "chip", type: "button", onclick: () => this.ask(text) }, text)));
    }

    #thumbs(exchange, words) {
      const thumb = (rating, sign, label) => make("button", {
        className: "chip", type: "button", "aria-label": label, title: label,
        "aria-pressed": String(exchange.rating === rating), disabled: Boolean(exchange.rating),
        onclick: () => this.#rate(exchange, rating, words),
      }, sign);
      return make("div", { className: "chips" }, thumb("up", "▲", words.good), thumb("down", "▼", words.bad));
    }

    async #rate(exchange, rating, words) {
      const body = { rating, question: exchange.question, answer: exchange.answer };
      const reply = await this.#post("api/feedback", body).catch(() => null);
      if (!reply?.ok) return;
      exchange.rating = rating;
      this.#keep();
      this.#drawAnswer(exchange);
      this.#say(words.thanks);
    }

    #link(citation) {
      const path = citation.document_id.split("/").map(encodeURIComponent).join("/");
      return `${this.#server}source/${path}?start=${citation.start}&end=${citation.end}#cited`;
    }

    #say(text) { this.#parts.said.textContent = text; }

    #scroll() {
      const asked = this.#parts.log.querySelectorAll(".asked");
      if (asked.length) this.#parts.log.scrollTop = asked[asked.length - 1].offsetTop - this.#parts.log.offsetTop - 12;
    }

    // what a page's own script may call

    /** Show the panel. */
    show() {
      this.shown = true;
      this.#keep();
      this.#place();
      this.#scroll();
      this.#parts.box.focus();
    }

    /** Hide the panel and return to the launcher. */
    hide() {
      this.shown = false;
      this.#keep();
      this.#place();
      if (!this.#inline) this.#parts.launcher.focus();
    }

    /** Forget the conversation. */
    clear() {
      this.stop();
      this.#exchanges = [];
      this.#keep();
      this.#drawAll();
      this.#parts.box.focus();
    }

    /** End the question that is on its way. */
    stop() { this.#asking?.abort(); }

    /** Ask a question. */
    async ask(question) {
      const text = String(question).trim();
      if (!text || this.#asking) return;
      const exchange = { question: text };
      if (!this.#exchanges.length) this.#parts.log.querySelector(".chips")?.remove();
      this.#exchanges.push(exchange);
      this.#parts.box.value = "";
      this.#keep();
      this.#draw(exchange);
      this.#scroll();
      await this.#answer(exchange);
    }

    // a question on its way

    async #answer(exchange) {
      const mine = ++this.#number;
      const control = (this.#asking = new AbortController());
      const { log, send } = this.#parts;
      send.textContent = this.#words.stop;
      log.setAttribute("aria-busy", "true");
      try {
        await this.#tryUntilAnswered(exchange, control.signal);
      } catch (error) {
        exchange.notice = control.signal.aborted ? this.#words.stopped : error.message;
        this.#drawNotice(exchange);
        this.#say(exchange.notice);
      } finally {
        if (mine === this.#number) {
          this.#asking = null;
          send.textContent = this.#words.ask;
          log.removeAttribute("aria-busy");
        }
        this.#keep();
      }
    }

    async #tryUntilAnswered(exchange, signal) {
      for (let tried = 0; ; tried++) {
        exchange.place.replaceChildren(make("p", { className: "notice" }, this.#words.searching));
        this.#say(this.#words.searching);
        try {
          return await this.#stream(exchange, signal);
        } catch (error) {
          if (signal.aborted || !error.wait) throw error;
          delete exchange.answer;
          const wait = Math.max(error.wait, Math.min(LONGEST_WAIT, 2 ** (tried + 1)));
          await this.#pause(exchange, wait, this.#words[error.why], signal);
        }
      }
    }

    /** Count down to the next try; the reader may try at once. */
    #pause(exchange, seconds, text, signal) {
      const words = this.#words;
      return new Promise((resolve, reject) => {
        const line = make("p", { className: "notice" }, text(seconds));
        const stop = (end) => () => { clearInterval(timer); end(); };
        const timer = setInterval(() => {
          line.textContent = text(--seconds);
          if (seconds <= 0) stop(resolve)();
        }, 1000);
        exchange.place.replaceChildren(line,
          make("button", { className: "chip", type: "button", onclick: stop(resolve) }, words.now));
        this.#say(text(seconds));
        signal.addEventListener("abort", stop(() => reject(new Refusal(words.stopped))), { once: true });
      });
    }

    #post(path, body, signal) {
      return fetch(this.#server + path, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
        credentials: "include", referrerPolicy: "no-referrer",
      });
    }

    /** Whether a desk of another origin is there, though the browser shows this page none of its answers. */
    async #isThere(signal) {
      if (new URL(this.#server).origin === self.origin || signal.aborted) return false;
      const probe = { mode: "no-cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal };
      const there = await fetch(`${this.#server}healthz`, probe).then(() => true, () => false);
      if (there) hint(this.#server);
      return there;
    }

    async #stream(exchange, signal) {
      const earlier = this.#exchanges.slice(0, this.#exchanges.indexOf(exchange)).filter((e) => e.answer);
      const history = earlier.slice(-TURNS).map(({ question, answer }) =>
        ({ question, answer: answer.answer.replace(/\s*\[\d+\]/g, "") }));
      const body = { question: exchange.question, history, scope: this.#scope };
      const reply = await this.#post("api/ask/stream", body, signal).catch(async (error) => {
        throw new Refusal(error.message, 2, (await this.#isThere(signal)) ? "silent" : "down");
      });
      if (!reply.ok) throw await this.#refusal(reply);
      const grown = { language: this.#language, state: "", answer: "", citations: [], suggestions: [] };
      let done = false;
      try {
        for await (const { name, data } of eventsOf(reply.body)) {
          if (name === "state") Object.assign(grown, data);
          if (name === "tokens") grown.answer = (data.replace ? "" : grown.answer) + data.text;
          if (name === "citations") grown.citations = data;
          if (name === "error") throw new Refusal(`${data.error.message} ${data.error.hint}`);
          if (name === "done") {
            const { retrieved, timings, ...answer } = data; // what nobody sees is not kept
            exchange.answer = answer;
            done = true;
          } else if (grown.answer) {
            this.#drawAnswer({ ...exchange, answer: grown, place: exchange.place }, false);
          }
        }
      } catch (error) {
        throw error instanceof Refusal ? error : new Refusal(error.message, 2, "down");
      }
      if (!done) throw new Refusal("", 2, "down"); // the stream was cut off
      this.#drawAnswer(exchange);
      this.#scroll();
      this.#say(`${WORDS[exchange.answer.language]?.states[exchange.answer.state] || ""} ${exchange.answer.answer}`);
      this.dispatchEvent(new CustomEvent("wic-answer", { detail: exchange.answer }));
    }

    async #refusal(reply) {
      const { error } = await reply.json().catch(() => ({ error: {} }));
      const wait = Number(reply.headers.get("Retry-After")) || 2;
      if (reply.status === 429) return new Refusal(error?.message || "", wait);
      if (reply.status >= 502 && reply.status <= 504) {
        return new Refusal(error?.message || "", wait, error?.code ? "busy" : "down");
      }
      return new Refusal([error?.message, error?.hint].filter(Boolean).join(" ") || `HTTP ${reply.status}`);
    }
  }

  customElements.define("wic-ask", WicAsk);
})();
