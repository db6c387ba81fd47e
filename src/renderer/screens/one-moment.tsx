import type { LanguageCode } from '../../shared/languages.ts';
import { languageCodes } from '../../shared/languages.ts';
import { Waiting } from '../pictures/waiting.tsx';
import { formatterOf } from '../speak.ts';

/** While there is no station. Before it ever said which language it speaks, all of them are spoken. */
export function OneMoment({ language }: { readonly language: LanguageCode | undefined }) {
  const spoken = language === undefined ? languageCodes : [language];
  return (
    <div className="alone">
      <main>
        <div className="alone-words" role="status">
          {spoken.map((code, index) => {
            const Line = index === 0 ? 'h1' : 'p';
            return (
              <Line key={code} lang={code} className="sentence">
                {formatterOf(code)({ key: 'oneMoment.sentence' })}
              </Line>
            );
          })}
          {language === undefined ? null : <p>{formatterOf(language)({ key: 'oneMoment.hint' })}</p>}
          <Waiting />
        </div>
      </main>
    </div>
  );
}
