import { Picture } from './picture.tsx';

/** Daylight in a quiet reading room: window with spruces and a low sun, lamp, books on the sill. */
export function ReadingRoom() {
  return (
    <Picture name="reading-room">
      <path className="light" d="M70 16h180v140H70z" />
      <circle className="sun" cx="196" cy="84" r="22" />
      <path className="tint" d="M70 126c40-16 76-18 110-8 26 7 48 6 70-4v42H70Z" />
      <path d="M70 126c40-16 76-18 110-8 26 7 48 6 70-4" />
      <path
        className="light"
        d="m104 58 18 26h-9l14 20h-10l12 17H79l12-17H81l14-20h-9ZM142 84l11 16h-6l9 13h-28l9-13h-6Z"
      />
      <path
        className="wood"
        d="m104 58 18 26h-9l14 20h-10l12 17H79l12-17H81l14-20h-9ZM142 84l11 16h-6l9 13h-28l9-13h-6Z"
      />
      <path d="m104 58 18 26h-9l14 20h-10l12 17H79l12-17H81l14-20h-9ZM104 121v8M142 84l11 16h-6l9 13h-28l9-13h-6ZM142 113v4" />
      <path d="M70 16h180v140H70zM160 16v140M58 156h204" />
      <path d="M24 224h272" />
      <path className="sheet" d="M60 208h92v16H60zM68 192h80v16H68z" />
      <path className="tint" d="M56 176h84v16H56z" />
      <path d="M60 208h92v16H60zM68 192h80v16H68zM56 176h84v16H56zM72 176v16M84 192v16M136 208v16M78 208v16" />
      <path className="tint" d="M176 224c0-10 4-22 6-28h28c2 6 6 18 6 28Z" />
      <path d="M176 224c0-10 4-22 6-28h28c2 6 6 18 6 28M182 196h28M216 204c12-2 16 4 14 9-1 4-7 6-13 6M190 186c-4-5 4-8 0-13M202 186c-4-5 4-8 0-13" />
    </Picture>
  );
}
