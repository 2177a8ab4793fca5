/** A country with its states, and the language that its towns are named in. */
export interface Country {
  readonly region: string;
  readonly name: string;
  readonly language: Language;
  /** About the middle of the country, and how far its towns are from there, in degrees. */
  readonly lat: number;
  readonly lon: number;
  readonly spread: number;
  readonly states: readonly string[];
}

/** The languages of town names. */
export type Language = keyof typeof townParts;

/** Beginnings and endings of town names; every beginning goes with every ending. */
export const townParts = {
  english: {
    first:
      "Ash Brook Clear Fair Green Hazel King Lake Maple North Oak Red River Spring Stone West Win Wood".split(
        " ",
      ),
    last: "burg bury dale field ford haven mont mouth port stead ton view ville wick worth".split(" "),
  },
  german: {
    first:
      "Altem Bären Eichen Frei Grün Hohen Königs Linden Mühl Neuen Ober Rosen Schön Stein Wald Weiden Winter".split(
        " ",
      ),
    last: "au bach berg brunn burg dorf feld furt hausen heim hof kirchen stadt tal".split(" "),
  },
  french: {
    first: "Beau Belle Bois Champ Château Clair Font Grand Haut Mont Neuf Pont Roche Val Vieux Ville".split(
      " ",
    ),
    last: "court fort franc lieu mont neuve ronde rive roy sault vert vigne ville court-sur-Mer".split(" "),
  },
  spanish: {
    first: "Alta Bella Buena Casa Clara Fuente Monte Nueva Piedra Puerto Río Santa Torre Valle Villa".split(
      " ",
    ),
    last: " Alegre, Blanca, Clara, del Mar, del Rey, del Sol, Dorada, Grande, Hermosa, Lucía, Nueva, Real, Rosa, Serena, Verde".split(
      ",",
    ),
  },
  portuguese: {
    first: "Água Barra Boa Campo Fonte Lagoa Monte Nova Pedra Porto Praia Ribeira Santa Serra Vila".split(
      " ",
    ),
    last: " Alegre, Azul, Bela, Branca, Clara, da Serra, do Mar, do Sul, Dourada, Grande, Nova, Real, Rica, Verde".split(
      ",",
    ),
  },
  italian: {
    first: "Acqua Bel Campo Castel Civita Colle Fonte Monte Pieve Ponte Porto Rocca San Torre Villa".split(
      " ",
    ),
    last: "alto bello bianco chiaro fiore franco lungo marino nuovo rosso santo secco vecchio verde".split(
      " ",
    ),
  },
  nordic: {
    first: "Björk Ek Elv Fager Gran Havn Hög Kirke Lind Lund Mark Nord Sol Sten Syd Vest".split(" "),
    last: "berga by dal fors hamn holm köping lund mark näs sund torp vik ås".split(" "),
  },
  japanese: {
    first: "Aka Fuji Hama Higashi Ishi Kawa Kita Matsu Minami Mori Naka Nishi Ō Shima Taka Yama".split(" "),
    last: "be da gawa hara hashi ichi machi moto mura no saki shima tani to zawa".split(" "),
  },
  indian: {
    first:
      "Anand Bharat Chandra Deva Gopal Hari Indra Jaya Krishna Lakshmi Mahen Nara Raj Rama Surya Vijaya".split(
        " ",
      ),
    last: "bad garh giri grama khand kot nagar pali pet pur puram sar tala vadi".split(" "),
  },
} as const;

const country = (
  region: string,
  [name, language]: readonly [string, Language],
  [lat, lon, spread]: readonly [number, number, number],
  states: string,
): Country => ({ region, name, language, lat, lon, spread, states: states.split(", ") });

/** Where sales are made. */
export const countries: readonly Country[] = [
  country(
    "North America",
    ["United States", "english"],
    [39, -98, 9],
    "California, Texas, Florida, New York, Illinois, Ohio, Georgia, Washington",
  ),
  country(
    "North America",
    ["Canada", "english"],
    [50, -95, 6],
    "Ontario, Quebec, British Columbia, Alberta, Manitoba, Saskatchewan, Nova Scotia, New Brunswick",
  ),
  country(
    "North America",
    ["Mexico", "spanish"],
    [23, -102, 5],
    "Jalisco, Nuevo León, Puebla, Veracruz, Chiapas, Oaxaca, Sonora, Yucatán",
  ),
  country(
    "South America",
    ["Brazil", "portuguese"],
    [-12, -50, 8],
    "São Paulo, Rio de Janeiro, Minas Gerais, Bahia, Paraná, Pernambuco, Ceará, Goiás",
  ),
  country(
    "South America",
    ["Argentina", "spanish"],
    [-35, -64, 6],
    "Buenos Aires, Córdoba, Santa Fe, Mendoza, Tucumán, Salta, Neuquén, Chubut",
  ),
  country(
    "South America",
    ["Chile", "spanish"],
    [-34, -71, 3],
    "Valparaíso, Biobío, Maule, Araucanía, Los Lagos, Coquimbo, Atacama, Ñuble",
  ),
  country(
    "South America",
    ["Colombia", "spanish"],
    [4, -73, 3],
    "Antioquia, Atlántico, Bolívar, Boyacá, Caldas, Cauca, Santander, Tolima",
  ),
  country(
    "Europe",
    ["Germany", "german"],
    [51, 10, 2.5],
    "Bayern, Hessen, Sachsen, Niedersachsen, Brandenburg, Thüringen, Saarland, Baden-Württemberg",
  ),
  country(
    "Europe",
    ["Austria", "german"],
    [47.5, 14, 1.2],
    "Wien, Tirol, Salzburg, Kärnten, Steiermark, Burgenland, Vorarlberg, Oberösterreich",
  ),
  country(
    "Europe",
    ["Switzerland", "german"],
    [46.8, 8.2, 0.8],
    "Zürich, Bern, Luzern, Aargau, Thurgau, Graubünden, Solothurn, Schwyz",
  ),
  country(
    "Europe",
    ["France", "french"],
    [46.5, 2.5, 3],
    "Bretagne, Normandie, Occitanie, Île-de-France, Grand Est, Hauts-de-France, Pays de la Loire, Nouvelle-Aquitaine",
  ),
  country(
    "Europe",
    ["Belgium", "french"],
    [50.5, 4.5, 0.7],
    "Brabant, Hainaut, Liège, Namur, Luxembourg, Anvers, Limbourg, Flandre",
  ),
  country(
    "Europe",
    ["Spain", "spanish"],
    [40, -4, 3],
    "Andalucía, Aragón, Asturias, Cantabria, Cataluña, Extremadura, Galicia, Murcia",
  ),
  country(
    "Europe",
    ["Portugal", "portuguese"],
    [39.5, -8, 1.5],
    "Lisboa, Porto, Braga, Aveiro, Coimbra, Faro, Évora, Viseu",
  ),
  country(
    "Europe",
    ["Italy", "italian"],
    [43, 12, 3],
    "Lombardia, Lazio, Toscana, Veneto, Piemonte, Liguria, Puglia, Umbria",
  ),
  country(
    "Europe",
    ["United Kingdom", "english"],
    [53, -1.5, 2],
    "Kent, Essex, Devon, Norfolk, Surrey, Yorkshire, Lancashire, Cornwall",
  ),
  country(
    "Europe",
    ["Ireland", "english"],
    [53.2, -8, 1],
    "Cork, Galway, Kerry, Mayo, Clare, Donegal, Wexford, Kildare",
  ),
  country(
    "Europe",
    ["Sweden", "nordic"],
    [60, 15, 3],
    "Skåne, Uppland, Dalarna, Gotland, Halland, Jämtland, Värmland, Småland",
  ),
  country(
    "Europe",
    ["Denmark", "nordic"],
    [56, 9.5, 1],
    "Sjælland, Fyn, Nordjylland, Midtjylland, Syddanmark, Bornholm, Lolland, Als",
  ),
  country(
    "Asia Pacific",
    ["Japan", "japanese"],
    [36, 138, 3],
    "Hokkaidō, Miyagi, Chiba, Nagano, Aichi, Hyōgo, Hiroshima, Fukuoka",
  ),
  country(
    "Asia Pacific",
    ["India", "indian"],
    [21, 78, 6],
    "Kerala, Gujarat, Punjab, Karnataka, Rajasthan, Tamil Nadu, Bihar, Assam",
  ),
  country(
    "Asia Pacific",
    ["Australia", "english"],
    [-27, 135, 7],
    "Victoria, Queensland, Tasmania, New South Wales, South Australia, Western Australia, Northern Territory, Canberra",
  ),
  country(
    "Asia Pacific",
    ["New Zealand", "english"],
    [-41, 174, 2.5],
    "Auckland, Waikato, Otago, Canterbury, Southland, Taranaki, Nelson, Northland",
  ),
  country(
    "Africa",
    ["South Africa", "english"],
    [-29, 25, 4],
    "Gauteng, Limpopo, Free State, Western Cape, Eastern Cape, Northern Cape, Mpumalanga, KwaZulu-Natal",
  ),
];
