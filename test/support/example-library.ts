/** People and things of the example library, by what they are good for. */
export const people = {
  aino: { card: '21999000020071', pin: '1234', name: 'Esimerkki, Aino' },
  sven: { card: '21999000020287', pin: '3456', name: 'Exempel, Sven' },
  maria: { card: '21999000020493', pin: '6789', name: 'Maksava, Maria' },
  kaarina: { card: 'IMA00421K', pin: '0246', name: 'Kirjain, Kaarina' },
} as const;

export const books = {
  brothers: { item: '31999000010070', title: 'Seitsemän veljestä' },
  sinuhe: { item: '31999000010146', title: 'Sinuhe egyptiläinen' },
  kalevala: { item: '31999000010211', title: 'Kalevala' },
  hare: { item: '31999000010286', title: 'Jäniksen vuosi' },
  /** Lent to Sven from the start, and overdue. */
  cobblers: { item: '31999000013710', title: 'Nummisuutarit', lentTo: '21999000020287' },
  /** Waits on the shelf for another patron. */
  reserved: { item: '31999000013017', title: 'Nesnesitelná lehkost bytí' },
} as const;

/** Films of the demonstration: their tags are on them wherever they are, and the gate looks at them. */
export const films = {
  clouds: '31999000074142',
  lights: '31999000074282',
  /** Three discs. */
  fanny: '31999000074787',
} as const;
