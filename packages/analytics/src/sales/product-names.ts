/** A kind of goods: what it is called, what it costs, and what of the price is its cost. */
export interface Subcategory {
  readonly category: string;
  readonly name: string;
  readonly nouns: readonly string[];
  /** From and to, in cents. */
  readonly price: readonly [number, number];
  /** Cost per thousand of the price. */
  readonly costPermille: number;
}

const kind = (category: string, costPermille: number, lines: string): Subcategory[] =>
  lines.split("; ").map((line) => {
    const [name = "", prices = "", nouns = ""] = line.split(": ");
    const [from = 1, to = 1] = prices.split("-").map((price) => Number(price) * 100);
    return { category, name, nouns: nouns.split(", "), price: [from, to], costPermille };
  });

/** What is sold. */
export const subcategories: readonly Subcategory[] = [
  ...kind(
    "Electronics",
    720,
    "Phones: 149-1199: Smartphone, Phone; Computers: 399-1999: Laptop, Desktop, Tablet; Audio: 19-399: Headphones, Speaker, Earbuds; Cameras: 89-1499: Camera, Camcorder; Accessories: 5-89: Charger, Cable, Case, Stand",
  ),
  ...kind(
    "Home and kitchen",
    580,
    "Cookware: 12-249: Pan, Pot, Wok, Kettle; Appliances: 29-699: Blender, Toaster, Mixer, Oven; Bedding: 15-199: Pillow, Duvet, Blanket; Lighting: 9-149: Lamp, Lantern; Storage: 4-79: Box, Basket, Shelf",
  ),
  ...kind(
    "Clothing",
    460,
    "Shirts: 9-89: Shirt, Blouse, Polo; Trousers: 19-129: Jeans, Trousers, Shorts; Outerwear: 39-349: Jacket, Coat, Parka; Shoes: 29-219: Sneakers, Boots, Sandals; Underwear: 4-49: Socks, Vest",
  ),
  ...kind(
    "Groceries",
    780,
    "Coffee and tea: 3-29: Coffee, Tea; Snacks: 2-15: Crackers, Nuts, Chocolate; Pasta and rice: 2-12: Pasta, Rice, Noodles; Drinks: 2-19: Juice, Lemonade, Water; Spices: 2-18: Pepper, Cinnamon, Paprika",
  ),
  ...kind(
    "Sports",
    540,
    "Fitness: 9-399: Dumbbell, Mat, Bench; Cycling: 15-1299: Bicycle, Helmet, Pump; Running: 12-189: Running Shoes, Belt, Watch; Camping: 19-449: Tent, Sleeping Bag, Stove; Swimming: 8-99: Goggles, Swimsuit",
  ),
  ...kind(
    "Toys",
    500,
    "Building sets: 9-249: Building Set, Blocks; Dolls: 9-89: Doll, Doll House; Board games: 12-79: Board Game, Card Game; Puzzles: 7-49: Puzzle; Outdoor toys: 6-149: Kite, Ball, Scooter",
  ),
  ...kind(
    "Books",
    620,
    "Novels: 7-29: Novel; Cookbooks: 12-49: Cookbook; Travel: 10-39: Travel Guide, Atlas; Children: 5-25: Picture Book; Science: 15-89: Textbook, Handbook",
  ),
  ...kind(
    "Beauty",
    420,
    "Skin care: 6-89: Cream, Lotion, Serum; Hair care: 4-39: Shampoo, Conditioner; Perfume: 19-149: Perfume, Cologne; Make-up: 5-59: Lipstick, Powder; Bath: 3-29: Soap, Bath Salt",
  ),
  ...kind(
    "Garden",
    560,
    "Tools: 8-129: Spade, Rake, Shears; Plants: 3-79: Rose, Fern, Apple Tree; Furniture: 39-799: Bench, Garden Table, Deck Chair; Watering: 7-89: Hose, Watering Can; Grills: 29-599: Grill, Smoker",
  ),
  ...kind(
    "Office",
    600,
    "Paper: 3-39: Notebook, Paper, Planner; Pens: 2-59: Pen, Marker, Pencil Set; Desks: 89-699: Desk, Standing Desk; Chairs: 49-599: Office Chair, Stool; Filing: 3-49: Binder, Folder",
  ),
];

/** Brands of no known company. */
export const brands: readonly string[] =
  "Alder, Arbora, Bellweather, Brightmoor, Calder, Cobalt Row, Corvane, Dovetail, Eastlake, Elmwood, Fernhill, Foxglove, Galewind, Harrow, Hollis, Ironbark, Juniper Lane, Kestrel, Kingfisher, Larkspur, Linden, Marlow, Meridale, Northway, Oakhurst, Orchard, Pemberton, Pinecrest, Quillon, Ravensworth, Ridgeway, Sablewood, Silverleaf, Stonebrook, Tamarind, Thistle, Umberton, Valebrook, Westmere, Wrenfield".split(
    ", ",
  );

/** What goes before the noun of a product. */
export const qualities: readonly string[] =
  "Classic, Compact, Comfort, Daily, Deluxe, Essential, Everyday, Family, Fine, Heritage, Light, Modern, Natural, Premium, Pro, Pure, Quick, Smart, Soft, Solid, Studio, Travel, Ultra, Urban, Vintage".split(
    ", ",
  );
