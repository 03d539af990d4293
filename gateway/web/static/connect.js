// Copies values, and looks whether something has happened meanwhile. Without it the pages work by reloading.
"use strict";

for (const button of document.querySelectorAll("button.copy")) {
  const code = button.parentElement.querySelector("code");
  button.hidden = false;
  button.setAttribute("aria-label", "Copy " + code.textContent.slice(0, 60));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(code);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

const watched = document.querySelector("[data-poll]");

async function look() {
  const answer = await fetch(watched.dataset.poll, { headers: { Accept: "application/json" } });
  if (!answer.ok) return location.reload();
  const told = await answer.json();
  if (told.stamp === watched.dataset.stamp) return again();
  if (told.address === undefined) return location.reload();
  if (told.address !== location.pathname) return location.assign(told.address);
  watched.innerHTML = told.html;
  watched.dataset.stamp = told.stamp;
  return again();
}

function again() {
  setTimeout(() => look().catch(again), document.hidden ? 10000 : 2500);
}

if (watched) again();
