"use strict";

// The live part of a log page. Without it the page shows the end of the log as it was.
// Whatever comes from a deployment is put in as text.

(() => {
  const MOST_ROWS = 5000;
  const NEAR_END = 48;

  const byId = (id) => document.getElementById(id);
  const main = document.querySelector("main");
  const link = main.dataset.link;
  const log = byId("log");
  const live = byId("live");
  const follow = byId("follow");
  const times = byId("times");

  const tell = (text, lost = false) => {
    live.textContent = text;
    live.classList.toggle("lost", lost);
  };

  // Rows

  const row = ({ at, own, segments }) => {
    const item = document.createElement("li");
    item.className = own ? "own" : "out";
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = at.slice(11, 19);
    const text = document.createElement("span");
    text.className = "text";
    for (const { t, c } of segments ?? []) {
      const span = document.createElement("span");
      span.className = c ?? "";
      span.textContent = t;
      text.append(span);
    }
    item.append(time, text);
    return item;
  };

  let queue = [];
  let scheduled = false;

  // A page in the background gets no animation frames: what it could not show anyway is forgotten.
  const enqueue = (lines) => {
    queue = queue.concat(lines);
    if (queue.length > MOST_ROWS) {
      queue = queue.slice(-MOST_ROWS);
      log.replaceChildren();
      showDropped();
    }
    if (!scheduled) {
      scheduled = true;
      requestAnimationFrame(append);
    }
  };

  const append = () => {
    scheduled = false;
    const rows = document.createDocumentFragment();
    for (const line of queue) rows.append(row(line));
    queue = [];
    log.append(rows);
    byId("empty").textContent = "";
    trim();
    scrollToEnd();
  };

  const trim = () => {
    const surplus = log.childElementCount - MOST_ROWS;
    if (surplus <= 0) return;
    const range = document.createRange();
    range.setStartBefore(log.firstElementChild);
    range.setEndAfter(log.children[surplus - 1]);
    range.deleteContents();
    showDropped();
  };

  const showDropped = () => {
    byId("dropped").hidden = false;
    byId("before")?.remove();
  };

  // Following

  let lastY = window.scrollY;

  const press = (button, on) => button.setAttribute("aria-pressed", String(on));

  const pressed = (button) => button.getAttribute("aria-pressed") === "true";

  const jumpTo = (top) => {
    window.scrollTo({ top, behavior: "instant" });
    lastY = window.scrollY;
  };

  const scrollToEnd = () => {
    if (pressed(follow)) jumpTo(document.documentElement.scrollHeight);
  };

  window.addEventListener("scroll", () => {
    const fromEnd = document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
    if (window.scrollY < lastY && fromEnd > NEAR_END) press(follow, false);
    lastY = window.scrollY;
  }, { passive: true });

  follow.addEventListener("click", () => {
    press(follow, !pressed(follow));
    scrollToEnd();
  });

  new IntersectionObserver(([title]) => byId("where").classList.toggle("seen", !title.isIntersecting))
    .observe(document.querySelector("h1"));

  // Times

  const remember = (value) => {
    try {
      if (value) localStorage.setItem("slipway.times", value);
      return localStorage.getItem("slipway.times");
    } catch {
      return null; // Storage may be forbidden; the choice then lasts as long as the page.
    }
  };

  const showTimes = (on) => {
    press(times, on);
    log.classList.toggle("no-times", !on);
  };

  times.addEventListener("click", () => {
    showTimes(!pressed(times));
    remember(pressed(times) ? "on" : "off");
    scrollToEnd();
  });

  // The clock of a running deployment. Counts from what the server said, as clocks differ.

  let readAt = performance.now();

  const two = (n) => String(n).padStart(2, "0");

  const duration = (s) =>
    s >= 3600 ? `${Math.floor(s / 3600)} h ${two(Math.floor(s / 60) % 60)} m`
      : s >= 60 ? `${Math.floor(s / 60)} m ${two(s % 60)} s`
        : `${s} s`;

  const tick = () => {
    const took = byId("took");
    const seconds = Number(took.dataset.seconds);
    if (seconds >= 0) took.textContent = duration(Math.floor(seconds + (performance.now() - readAt) / 1000));
  };

  // Changes of the summary

  // Changes what differs and keeps the rest, so that focus, selection and what is open stay.
  const renew = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length) {
      old.replaceWith(document.importNode(fresh, true));
      return;
    }
    if (old.nodeType === Node.TEXT_NODE) {
      old.data = fresh.data;
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) return;
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const children = [...fresh.childNodes];
    [...old.childNodes].forEach((child, i) => renew(child, children[i]));
  };

  let renewing = false;
  let again = false;

  const renewSummary = async () => {
    if (renewing) {
      again = true;
      return;
    }
    renewing = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        renew(byId("summary"), page.getElementById("summary"));
        renew(byId("where").firstElementChild, page.getElementById("where").firstElementChild);
        document.title = page.title;
        readAt = performance.now();
        tick();
        scrollToEnd();
      }
    } catch {
      // The next change, or the next connection, brings it.
    }
    renewing = false;
    if (again) {
      again = false;
      renewSummary();
    }
  };

  // Earlier lines

  let start = Number(main.dataset.start);

  const loadEarlier = async (button) => {
    if (button.disabled) return;
    button.disabled = true;
    press(follow, false);
    try {
      const answer = await fetch(`${link}/lines?before=${start}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const piece = await answer.json();
      const rows = document.createDocumentFragment();
      for (const line of piece.lines ?? []) rows.append(row(line));
      const height = document.documentElement.scrollHeight;
      const y = window.scrollY;
      log.prepend(rows);
      jumpTo(y + document.documentElement.scrollHeight - height);
      start = piece.start;
      if (log.childElementCount >= MOST_ROWS) showDropped();
      else if (start === 0) byId("before").remove();
    } catch {
      tell("Earlier lines could not be loaded, try again", true);
    }
    button.disabled = false;
  };

  // Events

  let offset = main.dataset.next;
  let wait = 1000;
  let events = null;
  let over = false;

  const disconnect = () => {
    events?.close();
    events = null;
  };

  // Where there are too many open pages for one more stream, the lines are asked for.
  const poll = async () => {
    try {
      const answer = await fetch(`${link}/later?from=${offset}`, { cache: "no-store" });
      if (!answer.ok) return;
      const piece = await answer.json();
      offset = String(piece.next);
      if (piece.lines?.length) enqueue(piece.lines);
      tell("Live, now and then");
      renewSummary();
    } catch {
      // The next try, or the next connection, brings it.
    }
  };

  const connect = () => {
    if (events || over || document.hidden) return;
    events = new EventSource(`${link}/events?from=${offset}`);

    // What changed between the page and this connection, or while there was none, is not told again.
    events.addEventListener("hello", (event) => {
      tell("Live");
      wait = 1000;
      if (event.data !== byId("summary").dataset.seen) renewSummary();
    });

    events.addEventListener("lines", (event) => {
      offset = event.lastEventId;
      enqueue(JSON.parse(event.data));
    });

    events.addEventListener("changed", renewSummary);

    events.addEventListener("end", () => {
      over = true;
      disconnect();
      tell("");
      renewSummary();
    });

    // A browser connects again by itself, but gives up on an answer that is not a stream.
    events.addEventListener("error", () => {
      tell("Connection lost, trying again …", true);
      if (events?.readyState !== EventSource.CLOSED) return;
      disconnect();
      poll();
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, 30000);
    });
  };

  // Browsers hold six connections to a host without HTTP/2: pages that nobody looks at take none.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));

  setInterval(() => {
    if (document.hidden && !over) renewSummary();
  }, 15000);

  // Start

  const more = byId("earlier");
  if (more) {
    more.hidden = false;
    more.addEventListener("click", () => loadEarlier(more));
  }
  const choice = remember();
  showTimes(choice ? choice === "on" : window.matchMedia("(min-width: 46rem)").matches);
  byId("controls").hidden = false;
  const running = Number(byId("took").dataset.seconds) >= 0;
  press(follow, running);
  scrollToEnd();
  setInterval(tick, 1000);
  connect();
})();
