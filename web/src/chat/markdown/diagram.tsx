import { Text, useComputedColorScheme } from '@mantine/core';
import mermaid from 'mermaid';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isHarmlessDiagram } from './diagram-source.ts';
import classes from './markdown.module.css';

/** Everything that could load or run something, taken out of the drawing as well. */
function harmlessSvg(svg: string): SVGElement | undefined {
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (!(drawn instanceof SVGElement) || drawn.tagName !== 'svg') return undefined;
  for (const element of drawn.querySelectorAll('script, image, foreignObject, iframe, use, a, feImage')) {
    if (element.tagName === 'use' && element.getAttribute('href')?.startsWith('#')) continue;
    element.remove();
  }
  for (const element of [drawn, ...drawn.querySelectorAll('*')])
    for (const { name, value } of [...element.attributes])
      if (/^on/i.test(name) || (/href$|^src$/i.test(name) && !value.startsWith('#')))
        element.removeAttribute(name);
  for (const style of drawn.querySelectorAll('style'))
    if (/url\(\s*['"]?(?!#)|@import/i.test(style.textContent ?? '')) style.remove();
  return drawn;
}

/** Draws a diagram written in Mermaid's language; what cannot be drawn is shown as it is written. */
export default function Diagram({ source, fallback }: { source: string; fallback: ReactNode }) {
  const { t } = useTranslation('chat');
  const scheme = useComputedColorScheme('light');
  const id = `diagram-${useId().replace(/\W/g, '')}`;
  const [svg, setSvg] = useState<SVGElement>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let here = true;
    const draw = async () => {
      if (!isHarmlessDiagram(source)) throw new Error('not drawn');
      mermaid.initialize({
        startOnLoad: false,
        securityLevel: 'strict',
        htmlLabels: false,
        flowchart: { htmlLabels: false },
        suppressErrorRendering: true,
        theme: scheme === 'dark' ? 'dark' : 'default',
        fontFamily: 'inherit',
      });
      const drawn = harmlessSvg((await mermaid.render(id, source)).svg);
      if (!drawn) throw new Error('no drawing');
      if (here) setSvg(drawn);
    };
    draw().catch(() => {
      if (here) setFailed(true);
    });
    return () => {
      here = false;
    };
  }, [id, scheme, source]);
  if (failed || !svg)
    return (
      <>
        {fallback}
        {failed && (
          <Text component="span" display="block" size="xs" c="dimmed" mb="sm">
            {t('diagram.failed')}
          </Text>
        )}
      </>
    );
  return (
    <div
      className={classes.diagram}
      role="img"
      aria-label={t('diagram.label')}
      ref={(element) => element?.replaceChildren(svg)}
    />
  );
}
