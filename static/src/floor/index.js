// Is this browser new enough? Written for those that are not: no syntax younger than theirs, and nothing imported.
// The page's style says the same as its scripts need: it came to Chromium with 88, to Safari with 15, to Firefox with 89.
(function () {
  var isEnough = "noModule" in document.createElement("script") && !!window.CSS && CSS.supports("aspect-ratio", "1") &&
    !!window.indexedDB && !!window.AbortController && !!String.prototype.replaceAll;
  if (!isEnough) document.documentElement.setAttribute("data-browser", "old");
})();
