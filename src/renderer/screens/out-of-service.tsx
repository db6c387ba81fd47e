import { languageCodes, type LanguageCode } from '../../shared/languages.ts';
import type { Screen } from '../../shared/view.ts';
import { StationAsleep } from '../pictures/station-asleep.tsx';
import { formatterOf, useSpeech } from '../speak.ts';
import { ServiceChoices } from './home.tsx';

export function OutOfService({ screen }: { readonly screen: Extract<Screen, { name: 'outOfService' }> }) {
  const { say } = useSpeech();
  return (
    <>
      <div className="work picture-work">
        <div className="out-of-service">
          <p className="cause">{say(screen.cause)}</p>
          <p className="next">{say(screen.next)}</p>
        </div>
        <StationAsleep />
      </div>
      {screen.services.length === 0 ? null : (
        <section className="hand">
          <ServiceChoices services={screen.services} />
        </section>
      )}
    </>
  );
}

/** Out of service by the page's own knowledge: it and the station are of different versions. */
export function PageOutOfService({ language }: { readonly language: LanguageCode | undefined }) {
  const spoken = language === undefined ? languageCodes : [language];
  return (
    <div className="alone">
      <main className="alone-words">
        {spoken.map((code, index) => {
          const Line = index === 0 ? 'h1' : 'p';
          const say = formatterOf(code);
          return (
            <div key={code} lang={code}>
              <Line className="sentence">{say({ key: 'oos.sentence' })}</Line>
              <p>
                {say({ key: 'oos.page.cause' })} {say({ key: 'oos.page.next' })}
              </p>
            </div>
          );
        })}
        <StationAsleep />
      </main>
    </div>
  );
}
