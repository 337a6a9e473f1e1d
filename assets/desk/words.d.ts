// The texts that scripts say: a module that the server makes of the locale (js- in locales/desk/).
declare const words: Record<string, string>;
export default words;
