import { Component, type ReactNode } from 'react';

interface GuardProps {
  /** What is shown; the next one is tried afresh. */
  readonly of: unknown;
  readonly children: ReactNode;
  readonly otherwise: ReactNode;
}

/** Shows something else where a view cannot be shown, instead of a blank page. */
export class Guard extends Component<GuardProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: GuardProps): void {
    if (this.state.broken && before.of !== this.props.of) this.setState({ broken: false });
  }

  override render(): ReactNode {
    return this.state.broken ? this.props.otherwise : this.props.children;
  }
}
