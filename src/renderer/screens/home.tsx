import type { Screen, ServiceChoice } from '../../shared/view.ts';
import { ServiceIcon } from '../pictures/icons.tsx';
import { ReadingRoom } from '../pictures/reading-room.tsx';
import { useSend, useSpeech } from '../speak.ts';

export function Home({ screen }: { readonly screen: Extract<Screen, { name: 'home' }> }) {
  return (
    <>
      <div className="work picture-work">
        <ReadingRoom />
      </div>
      <section className="hand">
        <ServiceChoices services={screen.services} />
      </section>
    </>
  );
}

/** What can be done here. A resting service stays in its place and says why it rests. */
export function ServiceChoices({ services }: { readonly services: readonly ServiceChoice[] }) {
  const { say, words } = useSpeech();
  const send = useSend();
  return (
    <div className="services">
      {services.map(({ service, available, message }) => (
        <button
          key={service}
          type="button"
          className="service"
          data-testid={`home-${service}`}
          disabled={!available}
          onClick={() => send({ do: 'chooseService', service })}
        >
          <ServiceIcon service={service} />
          <span className="service-words">
            <span className="service-name">{words(`service.${service}`)}</span>
            <span className="service-hint">
              {message === undefined ? words(`service.${service}.hint`) : say(message)}
            </span>
          </span>
        </button>
      ))}
    </div>
  );
}
