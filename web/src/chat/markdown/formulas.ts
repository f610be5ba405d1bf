import 'katex/dist/katex.min.css';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';

/** Formulas. Nothing in one may link, load or grow without end. */
export const formulaPlugins = {
  remark: [[remarkMath, { singleDollarTextMath: false }]] as [[typeof remarkMath, object]],
  rehype: [[rehypeKatex, { trust: false, strict: 'ignore', maxExpand: 200, maxSize: 20 }]] as [
    [typeof rehypeKatex, object],
  ],
};
