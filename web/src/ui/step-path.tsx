import { Anchor, Breadcrumbs } from '@mantine/core';

interface StepPathProps {
  /** What the top is called. */
  root: string;
  /** The open folders, outermost first. */
  steps: readonly { id: string; name: string }[];
  /** Goes back to the folder with so many above it; 0 is the top. */
  onGo: (depth: number) => void;
}

/** The way to a folder inside a dialog or form, where addresses lead nowhere. */
export function StepPath({ root, steps, onGo }: StepPathProps) {
  const places = [{ id: '', name: root }, ...steps];
  return (
    <Breadcrumbs separatorMargin={6}>
      {places.map(({ id, name }, depth) => (
        <Anchor
          key={id}
          component="button"
          type="button"
          size="sm"
          maw={220}
          truncate
          title={name}
          onClick={() => onGo(depth)}
        >
          {name}
        </Anchor>
      ))}
    </Breadcrumbs>
  );
}
