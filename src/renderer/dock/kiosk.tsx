import { useLayoutEffect, useRef } from 'react';

/** The screen that the station is made for, in CSS pixels. */
const screenWidth = 1080;
const screenHeight = 1920;

/** The station as it looks on its own upright screen, only smaller. */
export function Kiosk() {
  const place = useRef<HTMLDivElement>(null);
  const station = useRef<HTMLIFrameElement>(null);
  useLayoutEffect(() => {
    const fit = (): void => {
      const { clientWidth = 0, clientHeight = 0 } = place.current ?? {};
      const scale = Math.min(clientWidth / screenWidth, clientHeight / screenHeight);
      if (station.current !== null) station.current.style.transform = `scale(${scale})`;
    };
    fit();
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, []);
  return (
    <div className="dock-kiosk" ref={place}>
      <iframe
        className="dock-station"
        src="/"
        title="The station"
        width={screenWidth}
        height={screenHeight}
        ref={station}
      />
    </div>
  );
}
