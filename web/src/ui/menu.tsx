import type { MenuDropdownProps, MenuProps, Menu as Whole } from '@mantine/core';
import {
  cloneElement,
  createContext,
  createElement,
  type ReactElement,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import { notifyError } from './notify.ts';

type WholeMenu = typeof Whole;

const load = () => import('./menu-parts.ts');
const prepare = () => void load().catch(() => undefined);

/** What a menu is made of, once it is there; before that, how to open it. */
type State = { parts: WholeMenu; target: (element: HTMLElement | null) => void } | { open: () => void };
const MenuState = createContext<State>({ open: () => undefined });

/**
 * Mantine's menu, of which nothing but the button is there until it is opened for the first time: what places it is a
 * good part of a first load, and a list has one in each row. Use it like Mantine's: `Menu.Target` around one button,
 * `Menu.Dropdown` with `Menu.Item`, `Menu.Label` and `Menu.Divider`.
 */
function LazyMenu(props: MenuProps) {
  const [parts, setParts] = useState<WholeMenu>();
  if (parts) return <OpenedMenu {...props} parts={parts} />;
  const open = () => load().then(({ Menu: loaded }) => setParts(() => loaded), notifyError);
  return <MenuState value={{ open: () => void open() }}>{props.children}</MenuState>;
}

/** The button was drawn anew inside of the menu: it gets the focus back, to which the menu returns when it closes. */
function OpenedMenu({ parts: Parts, children, ...props }: MenuProps & { parts: WholeMenu }) {
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLElement>(null);
  const [state] = useState<State>({
    parts: Parts,
    target: (element) => {
      button.current = element;
    },
  });
  useEffect(() => {
    button.current?.focus();
    setOpened(true);
  }, []);
  return (
    <Parts {...props} opened={opened} onChange={setOpened}>
      <MenuState value={state}>{children}</MenuState>
    </Parts>
  );
}

type Button = ReactElement<Record<string, unknown>>;

function Target({ children }: { children: Button }) {
  const state = useContext(MenuState);
  if ('parts' in state)
    return <state.parts.Target>{cloneElement(children, { ref: state.target })}</state.parts.Target>;
  return cloneElement(children, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: state.open,
    onPointerEnter: prepare,
    onFocus: prepare,
  });
}

function Dropdown(props: MenuDropdownProps) {
  const state = useContext(MenuState);
  return 'parts' in state && <state.parts.Dropdown {...props} />;
}

/** A part that is drawn inside of an opened menu only. */
function Part({ name, ...props }: { name: 'Item' | 'Label' | 'Divider' }) {
  const state = useContext(MenuState);
  return 'parts' in state && createElement<object>(state.parts[name], props);
}

export const Menu = Object.assign(LazyMenu, {
  Target,
  Dropdown,
  Item: ((props: object) => <Part name="Item" {...props} />) as unknown as WholeMenu['Item'],
  Label: ((props: object) => <Part name="Label" {...props} />) as unknown as WholeMenu['Label'],
  Divider: ((props: object) => <Part name="Divider" {...props} />) as unknown as WholeMenu['Divider'],
});
