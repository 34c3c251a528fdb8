"use strict";

// The log page: lines as they happen, the summary as it changes. Everything is put in as text.

const MOST_ROWS = 5000;
const page = document.body;
const link = page.dataset.link;
const list = document.getElementById("log");
const pane = document.getElementById("pane");
const connection = document.getElementById("line");
const followButton = document.getElementById("follow");
const timesButton = document.getElementById("times");

let following = true;
let waiting = [];
let start = Number(page.dataset.start);

function row(line) {
  const item = document.createElement("li");
  item.className = line.own ? "own" : "out";
  const time = document.createElement("time");
  time.dateTime = line.at;
  time.textContent = line.at.slice(11, 19);
  const text = document.createElement("span");
  text.className = "text";
  for (const segment of line.segments ?? []) {
    const span = document.createElement("span");
    span.className = segment.c ?? "";
    span.textContent = segment.t;
    text.append(span);
  }
  item.append(time, text);
  return item;
}

function show() {
  const rows = document.createDocumentFragment();
  for (const line of waiting) rows.append(row(line));
  waiting = [];
  list.append(rows);
  document.getElementById("empty").textContent = "";
  while (following && list.children.length > MOST_ROWS) list.firstElementChild.remove();
  if (following) scrollToEnd();
}

function scrollToEnd() {
  pane.scrollTop = pane.scrollHeight;
}

function add(lines) {
  if (waiting.length === 0) requestAnimationFrame(show);
  waiting.push(...lines);
}

function follow(on) {
  following = on;
  followButton.setAttribute("aria-pressed", String(on));
  if (on) scrollToEnd();
}

function remembered(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return value ?? null; // storage is switched off: the choice lasts as long as the page
  }
}

function times(on) {
  page.classList.toggle("no-times", !on);
  timesButton.setAttribute("aria-pressed", String(on));
}

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const summary = fresh.getElementById("summary");
  if (summary) document.getElementById("summary").replaceWith(document.adoptNode(summary));
  document.title = fresh.title;
}

function tick() {
  const summary = document.getElementById("summary");
  if (summary.dataset.live !== "yes") return;
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(summary.dataset.started)) / 1000));
  const two = (n) => String(n).padStart(2, "0");
  document.getElementById("took").textContent =
    seconds >= 3600 ? `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} m`
      : seconds >= 60 ? `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
        : `${seconds} s`;
}

async function earlier(button) {
  const answer = await fetch(`${link}/lines?before=${start}`, { cache: "no-store" });
  if (!answer.ok) return;
  const piece = await answer.json();
  const rows = document.createDocumentFragment();
  for (const line of piece.lines ?? []) rows.append(row(line));
  const height = pane.scrollHeight;
  list.prepend(rows);
  pane.scrollTop += pane.scrollHeight - height;
  start = piece.start;
  if (start === 0) button.parentElement.remove();
}

function listen() {
  const source = new EventSource(`${link}/events?from=${page.dataset.next}`);
  source.addEventListener("open", () => { connection.textContent = ""; });
  source.addEventListener("error", () => { connection.textContent = "connection lost, trying again…"; });
  source.addEventListener("lines", (event) => add(JSON.parse(event.data)));
  source.addEventListener("changed", () => refresh());
  source.addEventListener("end", () => {
    source.close();
    connection.textContent = "";
    refresh();
  });
}

followButton.hidden = false;
timesButton.hidden = false;
followButton.addEventListener("click", () => follow(!following));
timesButton.addEventListener("click", () => {
  const on = page.classList.contains("no-times");
  times(on);
  remembered("times", on ? "on" : "off");
});
pane.addEventListener("wheel", (event) => { if (event.deltaY < 0) follow(false); }, { passive: true });
pane.addEventListener("touchmove", () => follow(false), { passive: true });
pane.addEventListener("keydown", (event) => {
  if (["ArrowUp", "PageUp", "Home"].includes(event.key)) follow(false);
  if (event.key === "End") follow(true);
});
const more = document.getElementById("earlier");
if (more) {
  more.hidden = false;
  more.addEventListener("click", () => { follow(false); earlier(more); });
}
times(remembered("times") !== "off");
setInterval(tick, 1000);
tick();
scrollToEnd();
listen();
