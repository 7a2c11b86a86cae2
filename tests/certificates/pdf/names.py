"""Names in twelve scripts, and two thousand more made of their parts."""

from itertools import islice, product

NAMES = {
    "Latin": ["Éloïse Béland-Côté", "Łukasz Żółć", "Jón Þórðarson", "D’Arcy McGee", "Øyvind Åsnes"],
    "Vietnamese": ["Nguyễn Thị Ánh", "Đặng Văn Hữu", "Trần Ngọc Quỳnh"],
    "Greek": ["Ελένη Παπαδοπούλου", "Γεώργιος Ξένος"],
    "Cyrillic": ["Наталья Щербакова", "Ђорђе Љубић", "Їжак Ґалаґан"],
    "Armenian": ["Հայկ Պետրոսյան", "Անահիտ Սարգսյան"],
    "Georgian": ["გიორგი ბერიძე", "ნინო ჭავჭავაძე"],
    "Hebrew": ["אברהם בן דוד", "שרה כהן-לוי", "עִבְרִית"],
    "Arabic": ["محمد علي", "فاطمة الزهراء", "لالة خديجة", "پروین گلستان", "مُحَمَّد"],
    "Canadian syllabics": ["ᐃᓄᒃᑎᑐᑦ ᓄᓇᕕᒃ", "ᔮᓂ ᐊᓪᓚᑦ", "ᒥᔅᑎᓯᓃ ᐄᔨᔫ"],
    "Tifinagh": ["ⵜⴰⵎⴰⵣⵉⵖⵜ ⵉⴷⵉⵔ", "ⴽⴰⵙⵙⵉⵍⴰ ⴰⵎⵏⴰⵢ"],
    "Han": ["李娜", "歐陽靖", "王小明", "渡邊 豊"],
    "Kana and Hangul": ["さくら タナカ", "김민준", "박서연"],
}
EVERY = [(script, name) for script, names in NAMES.items() for name in names]


def many(count: int) -> list[str]:
    """That many different names, the same number in each script."""
    each = -(-count // len(NAMES))
    made: list[str] = []
    for names in NAMES.values():
        parts = sorted({part for name in names for part in name.split()})
        joined = (" ".join(four) for four in product(parts, repeat=4))
        made += islice(dict.fromkeys([*names, *islice(joined, each)]), each)
    return made[:count]
