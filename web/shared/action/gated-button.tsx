import { Button, type ButtonProps, Tooltip, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface GatedButtonProps extends ButtonProps {
  /** Why it cannot be used now, in words; null when it can. */
  readonly refusal: string | null;
  readonly children: ReactNode;
  onClick(): void;
}

/**
 * A button that says why it is disabled. It stays focusable, so that the reason is reachable by
 * keyboard and told by screen readers.
 */
export function GatedButton({ refusal, children, onClick, ...props }: GatedButtonProps) {
  const reasonId = useId();
  if (refusal === null) {
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={refusal} events={{ hover: true, focus: true, touch: true }}>
      <Button {...props} data-disabled aria-disabled aria-describedby={reasonId}>
        {children}
        <VisuallyHidden id={reasonId}>{refusal}</VisuallyHidden>
      </Button>
    </Tooltip>
  );
}
