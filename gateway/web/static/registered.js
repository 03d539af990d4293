// Tells the LMS that registered us that this page may close: each of its own origins, nobody else.
"use strict";

const origins = document.querySelector("[data-close]").dataset.close.split(" ");
const button = document.querySelector("[data-close-button]");
const keeper = window.opener || (window.parent === window ? null : window.parent);

function close() {
  for (const origin of origins) keeper.postMessage({ subject: "org.imsglobal.lti.close" }, origin);
}

if (keeper) {
  button.hidden = false;
  button.addEventListener("click", close);
  close();
}
