// Shows a newer launch when there is one, and leaves the page alone otherwise: nobody loses their place.
const newest = document.getElementById("newest");
let shown = "";

async function look() {
  try {
    const answer = await fetch(newest.dataset.source);
    const text = await answer.text();
    if (answer.ok && text !== shown) {
      newest.innerHTML = text;
      shown = text;
    }
  } catch {
    // The demo has ended, or is busy; the next look tells.
  }
}

look();
setInterval(look, 1000);
