const form = document.getElementById("filters");
const questions = [...document.querySelectorAll(".question")];

function filter() {
  const wanted = [...new FormData(form)].filter(([, value]) => value);
  const fits = (question) => ([name, value]) =>
    name === "words"
      ? question.querySelector("summary").textContent.toLowerCase().includes(value.toLowerCase())
      : question.dataset[name] === value;
  for (const question of questions) question.hidden = !wanted.every(fits(question));
  const shown = questions.filter((question) => !question.hidden).length;
  document.getElementById("count").textContent =
    shown === questions.length ? `${shown} questions` : `${shown} of ${questions.length} questions`;
}

// A link to a question, from the gate or from an address, opens it whatever the filters say.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const question = target?.closest(".question");
  if (!question) return;
  question.hidden = false;
  question.open = true;
  target.scrollIntoView();
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("open").addEventListener("click", () => {
  for (const question of questions) if (!question.hidden) question.open = true;
});
addEventListener("hashchange", reveal);
filter(); // a browser may have kept the filters of the last visit
reveal();
