import { NotificationBell } from '../../features/live/notification-bell.tsx';
import { ProgressWidget } from '../../features/live/progress-widget.tsx';
import { PersonMenu } from './person-menu.tsx';

/** What is under way, what has happened, and who one is. */
export default function Corner() {
  return (
    <>
      <ProgressWidget />
      <NotificationBell />
      <PersonMenu />
    </>
  );
}
