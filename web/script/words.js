// What the script itself says, in the reader's language.

const WORDS = {
  en: {
    question: "Your question", answer: "Answer", none: "No conversations yet.", rename: "Rename", remove: "Delete",
    exporting: "Export", name: "Name of the conversation", save: "Save", cancel: "Cancel", close: "Close",
    sure: "Delete this conversation? It is kept in this browser only and cannot be brought back.",
    format: "Export this conversation with its numbered sources", markdown: "Markdown", word: "Word (DOCX)", print: "Print",
    editing: "You edit an earlier question: sending it replaces that question and all that follows.",
    copied: "Copied with its sources.", notCopied: "The browser does not allow copying here.",
    thanks: "Thank you. Would you say why? (optional)", comment: "Comment", send: "Send", sent: "Thank you, it is noted.",
    notSent: "The feedback could not be stored. Try again later.",
    lost: "The desk cannot be reached. Your question is kept and asked again as soon as the desk is back.",
    full: "This browser's storage is full: delete old conversations to keep new ones.",
    sources: "Sources", untitled: "Conversation", day: "en-GB", searching: "Searching the documents …",
    done: "The answer is complete.", connecting: "Connecting to the desk …",
  },
  zh: {
    question: "您的问题", answer: "回答", none: "还没有对话。", rename: "重命名", remove: "删除",
    exporting: "导出", name: "对话名称", save: "保存", cancel: "取消", close: "关闭",
    sure: "删除这个对话吗？它只保存在此浏览器中，删除后无法恢复。",
    format: "导出此对话及其编号来源", markdown: "Markdown", word: "Word（DOCX）", print: "打印",
    editing: "您正在修改之前的问题：发送后将替换该问题及其后的所有内容。",
    copied: "已连同来源复制。", notCopied: "浏览器不允许在此复制。",
    thanks: "谢谢。可以说明原因吗？（可选）", comment: "意见", send: "发送", sent: "谢谢，已记录。",
    notSent: "反馈未能保存，请稍后再试。",
    lost: "无法连接问答台。您的问题已保留，连接恢复后会自动重新提问。",
    full: "此浏览器的存储空间已满：请删除旧对话。",
    sources: "来源", untitled: "对话", day: "zh-CN", searching: "正在检索文件……",
    done: "回答已完成。", connecting: "正在连接问答台……",
  },
};

const KEY = "wic-desk:language";

export function language() {
  const chosen = localStorage.getItem(KEY) || navigator.language || "en";
  return chosen.toLowerCase().startsWith("zh") ? "zh" : "en";
}

// The cookie tells the pages that the server makes.
export function choose(name) {
  localStorage.setItem(KEY, name);
  document.cookie = `wic-desk-language=${name}; path=/; max-age=31536000; samesite=lax`;
}
export const words = () => WORDS[language()];
