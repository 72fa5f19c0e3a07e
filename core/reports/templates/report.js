"use strict";
(function () {
  const tools = document.getElementById("tools");
  if (!tools) return;
  tools.hidden = false;
  const hosts = Array.from(document.querySelectorAll("details.host"));
  const texts = hosts.map((host) => host.dataset.find);
  const words = document.getElementById("search"), state = document.getElementById("state");
  const shown = document.getElementById("shown");
  function narrow() {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean), wanted = state ? state.value : "";
    let count = 0;
    hosts.forEach((host, place) => {
      const fits = (!wanted || host.dataset.state === wanted) && asked.every((word) => texts[place].includes(word));
      if (host.hidden === fits) host.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + " of " + hosts.length + " hosts";
  }
  words.addEventListener("input", narrow);
  if (state) state.addEventListener("change", narrow);
  narrow();
  let opened = [];
  addEventListener("beforeprint", () => {
    const closed = hosts.filter((host) => !host.hidden && !host.open);
    opened = closed.length > 300 ? [] : closed;
    opened.forEach((host) => { host.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((host) => { host.open = false; }));
  function reveal() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details.host")) { target.hidden = false; target.open = true; target.scrollIntoView(); }
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
